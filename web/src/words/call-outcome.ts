// Outcomes and directions of calls in the words people read.
import type { CallOutcome, Direction } from '~/gql/documents';

export const OUTCOME_WORDS: Record<CallOutcome, string> = {
  ANSWERED: 'Answered',
  MISSED: 'Missed',
  ABANDONED: 'Abandoned',
  VOICEMAIL: 'Voicemail',
  BLOCKED: 'Blocked',
  CANCELLED: 'Cancelled',
  ONGOING: 'In progress',
};

export const DIRECTION_WORDS: Record<Direction, string> = {
  INBOUND: 'Inbound',
  OUTBOUND: 'Outbound',
  UNKNOWN: 'Unknown',
};
