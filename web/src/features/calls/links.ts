// Links to a view of the calls. One with a relative range shows what is new when it is followed; a
// frozen one shows what was there when it was made.
import type { Company } from '~/lib/company';
import { stringifySearch } from '~/lib/search-codec';
import { rangeBetween, rangeMs, startOf, type TimeRange } from '~/lib/time-range';
import type { CallsSearch } from './search-params';

type View = Pick<Company, 'slug' | 'timeZone'>;

export function viewLink(search: CallsSearch, { slug }: Pick<Company, 'slug'>): string {
  // A cursor belongs to one visit: it would lead somewhere else tomorrow.
  const { after, before, ...lasting } = search;
  return `${window.location.origin}/c/${slug}/calls${stringifySearch(lasting)}`;
}

export function frozenLink(search: CallsSearch, company: View, now: Date): string {
  return viewLink({ ...search, ...frozenRange(search, company, now) }, company);
}

/** A relative range as it is now. Days and instants stay what they are; only what is open ends now. */
function frozenRange({ range, from, to }: TimeRange, { timeZone }: View, now: Date): TimeRange {
  if (range !== undefined) {
    const since = new Date(now.getTime() - rangeMs(range)).toISOString();
    return { range: undefined, ...rangeBetween(since, now.toISOString(), timeZone) };
  }
  if (to !== undefined) return { from, to };
  // Both ends of a range are said in the same way.
  const since = from === undefined ? undefined : startOf(from, timeZone);
  return { from: since && `${since.slice(0, 16)}Z`, to: minuteOf(now) };
}

const MINUTE_MS = 60_000;

function minuteOf(now: Date): string {
  const next = new Date(Math.ceil(now.getTime() / MINUTE_MS) * MINUTE_MS);
  return `${next.toISOString().slice(0, 16)}Z`;
}
