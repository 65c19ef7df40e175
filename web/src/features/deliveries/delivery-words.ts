import type { DeliveryEffect, DeliveryReason } from '~/gql/documents';
import { stateWords } from '~/lib/call-state';
import { DELIVERY_KIND_WORDS, DELIVERY_OUTCOME_WORDS, REASON_WORDS } from '~/lib/delivery-words';
import type { DeliveryRow } from './use-deliveries';

/** The attribute that the link of a row carries, with the id of the delivery. */
export const DELIVERY_LINK = 'data-delivery-link';

/** What it was: the state of a call event, or the kind of anything else. */
export function aboutText({ kind, state, stateRaw }: DeliveryRow): string | null {
  if (state !== null) return stateWords(state, stateRaw ?? '') || DELIVERY_KIND_WORDS.CALL_EVENT;
  return kind === 'UNKNOWN' ? null : DELIVERY_KIND_WORDS[kind];
}

export function reasonText(reason: DeliveryReason | null): string | null {
  return reason && REASON_WORDS[reason].what;
}

/** The heading of an open delivery: "Rejected: signature does not match". */
export function deliveryTitle({ outcome, reason }: DeliveryRow): string {
  const why = reasonText(reason);
  const word = DELIVERY_OUTCOME_WORDS[outcome];
  return why ? `${word}: ${why.charAt(0).toLowerCase()}${why.slice(1)}` : word;
}

export const EFFECT_WORDS: Record<DeliveryEffect, string> = {
  CALL_STARTED: 'Began the call',
  EVENT_ADDED: 'Added an event to the call',
  OTHER_EVENT_KEPT: 'Kept; it belongs to no call',
  NOTHING: 'Nothing',
};

export const KEY_WORDS = { CURRENT: 'Current', PREVIOUS: 'Previous' };

const STATUS_WORDS: Record<number, string> = {
  200: 'OK',
  400: 'Bad request',
  401: 'Unauthorized',
  408: 'Too slow',
  411: 'Length missing',
  413: 'Too large',
  415: 'Not this type',
  503: 'Try again',
};

export function statusText(status: number): string {
  const words = STATUS_WORDS[status];
  return words ? `${status} ${words}` : String(status);
}

/** Whether the secrets and rules of now could make something else of it. */
export function canBeRechecked({ outcome }: Pick<DeliveryRow, 'outcome'>): boolean {
  return outcome === 'REJECTED' || outcome === 'QUARANTINED';
}
