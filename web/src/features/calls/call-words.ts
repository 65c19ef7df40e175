// Calls and who is on them in the words people read.
import type { CallState } from '~/gql/documents';
import * as words from '~/words/calls';

/** The attribute that a row's link carries, with the id of the call; a row that unfolds is no call's. */
export const CALL_LINK = 'data-call-link';

/** Dialpad spells the same type in several ways; an unknown one is shown as it came. */
export function partyType(type: string): string {
  return words.PARTY_TYPES[type.toLowerCase().replaceAll(/[_\s]/g, '')] ?? type;
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
