import type { DeliveryReason } from '~/gql/documents';
import { stateWords } from '~/lib/call-state';
import * as words from '~/words/deliveries';
import {
  DELIVERY_KIND_WORDS,
  DELIVERY_OUTCOME_WORDS,
  REASON_WORDS,
} from '~/words/delivery-reasons';
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
  return why ? words.outcomeBecause(word, why) : word;
}

export function statusText(status: number): string {
  const said = words.STATUS_WORDS[status];
  return said ? `${status} ${said}` : String(status);
}

/** Whether the secrets and rules of now could make something else of it. */
export function canBeRechecked({ outcome }: Pick<DeliveryRow, 'outcome'>): boolean {
  return outcome === 'REJECTED' || outcome === 'QUARANTINED';
}
