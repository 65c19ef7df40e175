// Whether the banner has something to say, decided from what the server has stored.
import type { RefusalReason } from '~/gql/documents';
import * as words from '~/words/shell';

interface EndpointFacts {
  lastEventAt: string | null;
  lastRefusedAt: string | null;
  lastRefusal: RefusalReason | null;
  /** What was refused or not understood and has not been taken in since. */
  recheckableCount: number;
}

interface DayNumbers {
  received: number;
  rejected: number;
}

export interface Refusing {
  text: string;
  reason: RefusalReason | null;
}

const HOUR_MS = 3_600_000;
const REJECTED_SHARE_MAX = 0.05;
/** Refusals longer ago than this say nothing about now, as long as others are accepted. */
const RECENT_MS = HOUR_MS;

/** A day back, to the hour: the same question until the hour is over. */
export function healthSince(now: Date): string {
  const hour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  return new Date(hour - 24 * HOUR_MS).toISOString();
}

export function bannerOf(
  { lastEventAt, lastRefusedAt, lastRefusal, recheckableCount }: EndpointFacts,
  day: DayNumbers | null,
  now: Date,
): 'waiting' | Refusing | null {
  if (lastRefusedAt === null) return lastEventAt === null ? 'waiting' : null;
  const refusedMs = Date.parse(lastRefusedAt);
  const why = lastRefusal ?? 'UNKNOWN';
  if (lastEventAt === null || refusedMs > Date.parse(lastEventAt)) {
    return { text: words.ALL_REFUSED[why], reason: lastRefusal };
  }
  if (recheckableCount === 0) return null;
  const share = day && day.received > 0 ? day.rejected / day.received : 0;
  if (share <= REJECTED_SHARE_MAX || now.getTime() - refusedMs > RECENT_MS) return null;
  return {
    text: words.SOME_REFUSED[why](Math.round(share * 100)),
    reason: lastRefusal,
  };
}
