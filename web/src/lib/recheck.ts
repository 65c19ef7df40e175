// What a re-check made of the deliveries, put together as people want to know it: how many, which
// calls came of it, and why the rest is still refused.
import type { DeliveryOutcome, DeliveryReason, RecheckFieldsFragment } from '~/gql/documents';
import * as words from '~/words/recheck';

type Result = RecheckFieldsFragment['results'][number];
type Call = NonNullable<NonNullable<Result['delivery']>['call']>;

export interface RecheckSummary {
  calls: { call: Call; events: number }[];
  /** Taken in, and not about a call. */
  others: number;
  refused: { outcome: DeliveryOutcome; reason: DeliveryReason | null; count: number }[];
}

export function summarise(results: Result[]): RecheckSummary {
  const calls = new Map<string, RecheckSummary['calls'][number]>();
  const refused = new Map<string, RecheckSummary['refused'][number]>();
  let others = 0;
  for (const { outcome, reason, delivery } of results) {
    if (outcome === 'REJECTED' || outcome === 'QUARANTINED') {
      const key = `${outcome} ${reason}`;
      const known = refused.get(key) ?? { outcome, reason, count: 0 };
      known.count += 1;
      refused.set(key, known);
    } else if (delivery?.call) {
      const known = calls.get(delivery.call.callId) ?? { call: delivery.call, events: 0 };
      known.events += 1;
      calls.set(delivery.call.callId, known);
    } else others += 1;
  }
  return {
    calls: [...calls.values()],
    others,
    refused: [...refused.values()].sort((a, b) => b.count - a.count),
  };
}

export const deliveryCount = words.deliveryCount;

type Counts = Pick<
  RecheckFieldsFragment,
  'checked' | 'accepted' | 'duplicate' | 'quarantined' | 'rejected'
>;

/** "12 deliveries examined: 9 taken in, 3 still refused." */
export function recheckSentence(counts: Counts): string {
  if (counts.checked === 0) return words.nothingExamined;
  const parts = [
    [counts.accepted, words.takenIn],
    [counts.duplicate, words.knownAlready],
    [counts.quarantined, words.notUnderstood],
    [counts.rejected, words.stillRefused],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, part]) => part(count));
  return words.examined(counts.checked, said.join(', ') || words.noChange);
}
