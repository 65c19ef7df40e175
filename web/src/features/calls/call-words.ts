// Calls and who is on them in the words people read.
import type { CallOutcome, CallState, Direction } from '~/gql/documents';
import { OUTCOME_WORDS } from '~/lib/call-outcome';
import { capital } from '~/lib/text';

/** The attribute that a row's link carries, with the id of the call. */
export const CALL_LINK = 'data-call-link';

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

/** When a call began; one that never said so stands where it was last heard of. */
export function callTime(call: { dateStarted: string | null; updatedAt: string }): string {
  return call.dateStarted ?? call.updatedAt;
}
