// The range of time of a list: relative to now, calendar days of the company, or from one minute to
// another. Read from the address, said in words, turned into a condition.
import type { DateTimeFilter } from '~/gql/documents';
import * as words from '~/words/time';
import { dayKey, isDay, shiftDay, startOfDay } from './time';
import { isMidnight, lastMoment, momentLabel, spanLabel } from './time-span';

export const RANGES = {
  '1h': '-PT1H',
  '24h': '-PT24H',
  '7d': '-P7D',
  '30d': '-P30D',
  '90d': '-P90D',
};
export type Range = keyof typeof RANGES;

export const RANGE_WORDS: Record<Range, string> = words.RANGE_WORDS;

/**
 * `from` and `to` are days of the company (`2026-03-08`), of which the last counts in full, or
 * instants to the minute (`2026-03-08T14:30Z`), of which the last is where the range stops.
 */
export interface TimeRange {
  range?: Range;
  from?: string;
  to?: string;
}

export const NO_RANGE = { range: undefined, from: undefined, to: undefined };

/** Whatever is unknown or malformed is dropped; days in the wrong order are turned round. */
export function readRange(raw: Record<string, unknown>): TimeRange {
  const { range, from, to } = raw;
  // A relative range and days exclude each other.
  if (typeof range === 'string' && Object.hasOwn(RANGES, range)) return { range: range as Range };
  const ends = [from, to].map((end) =>
    typeof end === 'string' && (isDay(end) || isInstant(end)) ? end : undefined,
  );
  const [first, last] = ends;
  if (first === undefined || last === undefined || isDay(first) !== isDay(last)) {
    return { from: first, to: last };
  }
  // From an instant to itself is no time at all.
  if (first === last && isInstant(first)) return { from: undefined, to: undefined };
  return first > last ? { from: last, to: first } : { from: first, to: last };
}

export function isInstant(text: string): boolean {
  return /^.{10}T([01]\d|2[0-3]):[0-5]\dZ$/.test(text) && isDay(text.slice(0, 10));
}

export function rangeLabel({ range, from, to }: TimeRange, timeZone: string): string | null {
  if (range) return RANGE_WORDS[range];
  if (from && to) {
    if (isInstant(from) || isInstant(to)) {
      return spanLabel(startOf(from, timeZone), endOf(to, timeZone), timeZone);
    }
    return from === to ? from : `${from} – ${to}`;
  }
  const said = (end: string) => (isInstant(end) ? momentLabel(end, timeZone) : end);
  if (from) return words.since(said(from));
  if (to) return words.until(said(to));
  return null;
}

export function rangeFilter(
  { range, from, to }: TimeRange,
  timeZone: string,
): DateTimeFilter | undefined {
  if (range) return { gte: RANGES[range] };
  if (!from && !to) return undefined;
  return {
    gte: from && startOf(from, timeZone),
    lt: to && endOf(to, timeZone),
  };
}

/** The instant at which a range that is said to begin so begins. */
export function startOf(from: string, timeZone: string): string {
  return isInstant(from) ? new Date(from).toISOString() : startOfDay(from, timeZone);
}

/** The instant before which it ends: the last day of a range counts in full. */
export function endOf(to: string, timeZone: string): string {
  return isInstant(to) ? new Date(to).toISOString() : startOfDay(shiftDay(to, 1), timeZone);
}

/** The day of the company on which a range begins or ends, for a field that knows only days. */
export function firstDay(from: string, timeZone: string): string {
  return isInstant(from) ? dayKey(startOf(from, timeZone), timeZone) : from;
}

export function lastDay(to: string, timeZone: string): string {
  return isInstant(to) ? dayKey(lastMoment(endOf(to, timeZone)), timeZone) : to;
}

/** The range from one instant to another: whole days are said as days, all else to the minute. */
export function rangeBetween(startsAt: string, endsAt: string, timeZone: string): TimeRange {
  if (isMidnight(startsAt, timeZone) && isMidnight(endsAt, timeZone)) {
    return { from: dayKey(startsAt, timeZone), to: dayKey(lastMoment(endsAt), timeZone) };
  }
  return { from: minute(startsAt, Math.floor), to: minute(endsAt, Math.ceil) };
}

const MINUTE_MS = 60_000;

function minute(iso: string, round: (value: number) => number): string {
  const at = new Date(round(Date.parse(iso) / MINUTE_MS) * MINUTE_MS);
  return `${at.toISOString().slice(0, 16)}Z`;
}

export function isSameRange(one: TimeRange, other: TimeRange): boolean {
  return one.range === other.range && one.from === other.from && one.to === other.to;
}

const HOUR_MS = 3_600_000;
const HOURS: Record<Range, number> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, '90d': 2_160 };

export function rangeMs(range: Range): number {
  return HOURS[range] * HOUR_MS;
}
