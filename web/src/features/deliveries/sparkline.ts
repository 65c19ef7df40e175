import type { DeliveryNumbersQuery } from '~/gql/documents';

type Summary = NonNullable<DeliveryNumbersQuery['company']>['deliverySummary'];
export type Bucket = Summary['buckets'][number];

export interface Bar {
  received: number;
  takenIn: number;
  rejected: number;
}

const BARS_MAX = 28;
const HOUR_MS = 3_600_000;
/** With fewer hours there is no course to see. */
const HOURS_MIN = 6;

/** The hours of the range as bars of equal width; empty when there is too little to draw. */
export function bars(buckets: Bucket[], since: string, until: string): Bar[] {
  const first = buckets[0];
  if (!first) return [];
  // A range without a beginning begins with the first delivery.
  const start = Date.parse(since) > 0 ? Date.parse(since) : Date.parse(first.startsAt);
  const spanMs = Date.parse(until) - start;
  if (spanMs < HOURS_MIN * HOUR_MS) return [];
  const count = Math.min(BARS_MAX, Math.ceil(spanMs / HOUR_MS));
  const found = Array.from({ length: count }, () => ({ received: 0, takenIn: 0, rejected: 0 }));
  for (const bucket of buckets) {
    // The hour in which the range begins starts before it.
    const place = Math.floor(((Date.parse(bucket.startsAt) - start) / spanMs) * count);
    const bar = found[Math.min(count - 1, Math.max(0, place))];
    if (!bar) continue;
    const takenIn = bucket.accepted + bucket.duplicate;
    bar.takenIn += takenIn;
    bar.rejected += bucket.rejected;
    bar.received += takenIn + bucket.rejected + bucket.quarantined;
  }
  return found;
}

/** What was accepted now or before, of all that arrived; one refusal is enough to not be 100 %. */
export function acceptedShare({
  received,
  accepted,
  duplicate,
}: Pick<Summary, 'received' | 'accepted' | 'duplicate'>): string | null {
  if (received === 0) return null;
  const takenIn = accepted + duplicate;
  if (takenIn >= received) return '100 %';
  const percent = Math.floor((takenIn / received) * 1_000) / 10;
  return `${percent.toFixed(1)} %`;
}
