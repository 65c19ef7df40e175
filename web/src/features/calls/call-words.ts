// Outcomes, directions and states in the words people read.
import type { CallOutcome, CallState, Direction } from '~/gql/documents';

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

export function callTitle({
  direction,
  outcome,
}: {
  direction: Direction;
  outcome: CallOutcome;
}): string {
  const way = direction === 'UNKNOWN' ? '' : `${direction.toLowerCase()} `;
  if (outcome === 'ONGOING') return capital(`${way}call in progress`);
  if (outcome === 'VOICEMAIL') return capital(`${way}call to voicemail`);
  return `${OUTCOME_WORDS[outcome]} ${way}call`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const PARTY_TYPES: Record<string, string> = {
  user: 'Person',
  office: 'Office',
  department: 'Department',
  callcenter: 'Call centre',
  coachingteam: 'Coaching team',
  coachinggroup: 'Coaching group',
  callrouter: 'Call router',
  room: 'Room',
  staff: 'Staff group',
  staffgroup: 'Staff group',
  channel: 'Channel',
  shared: 'Shared contact',
  local: 'Local contact',
  google: 'Google contact',
  microsoft: 'Microsoft contact',
};

/** Dialpad spells the same type in several ways; an unknown one is shown as it came. */
export function partyType(type: string): string {
  return PARTY_TYPES[type.toLowerCase().replaceAll(/[_\s]/g, '')] ?? type;
}

export const STATE_WORDS: Record<Exclude<CallState, 'UNKNOWN'>, string> = {
  PREANSWER: 'Before answer',
  CALLING: 'Calling',
  RINGING: 'Ringing',
  QUEUED: 'In the queue',
  CONNECTED: 'Connected',
  HOLD: 'On hold',
  PARKED: 'Parked',
  MERGED: 'Merged',
  MONITOR: 'Monitored',
  EAVESDROP: 'Listened in',
  BARGE: 'Barged in',
  TAKEOVER: 'Taken over',
  ADMIN: 'Admin',
  VOICEMAIL: 'Voicemail',
  BLOCKED: 'Blocked',
  MISSED: 'Missed',
  HANGUP: 'Hung up',
  VOICEMAIL_UPLOADED: 'Voicemail stored',
  TRANSCRIPTION: 'Voicemail transcribed',
  RECORDING: 'Recording stored',
  ADMIN_RECORDING: 'Admin recording stored',
  CALL_TRANSCRIPTION: 'Transcript ready',
  RECAP_SUMMARY: 'Recap: summary',
  RECAP_OUTCOME: 'Recap: outcome',
  RECAP_PURPOSES: 'Recap: purposes',
  RECAP_ACTION_ITEMS: 'Recap: action items',
  CALL_MOMENTS: 'Moments',
  AI_PLAYBOOK: 'Playbook',
  CSAT: 'Satisfaction survey',
  PCSAT: 'Predicted satisfaction',
  POSTCALL: 'Wrap-up',
  DISPOSITIONS: 'Disposition',
};

const LIFE_CYCLE: ReadonlySet<CallState> = new Set<CallState>([
  'PREANSWER',
  'CALLING',
  'RINGING',
  'QUEUED',
  'CONNECTED',
  'HOLD',
  'PARKED',
  'MERGED',
  'MONITOR',
  'EAVESDROP',
  'BARGE',
  'TAKEOVER',
  'ADMIN',
  'VOICEMAIL',
  'BLOCKED',
  'MISSED',
  'HANGUP',
]);

/** The rest only adds to a call, often after its end, and hangs off the timeline as a note. */
export function isLifeCycle(state: CallState): boolean {
  return LIFE_CYCLE.has(state);
}

export function stateWords(state: CallState, raw: string): string {
  return state === 'UNKNOWN' ? raw : STATE_WORDS[state];
}

/** When a call began; one that never said so stands where it was last heard of. */
export function callTime(call: { dateStarted: string | null; updatedAt: string }): string {
  return call.dateStarted ?? call.updatedAt;
}
