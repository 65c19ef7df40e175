// The range of time of a list: relative to now, or calendar days of the company. Read from the
// address, said in words, turned into a condition.
import type { DateTimeFilter } from '~/gql/documents';
import { isDay, shiftDay, startOfDay } from './time';

export const RANGES = {
  '1h': '-PT1H',
  '24h': '-PT24H',
  '7d': '-P7D',
  '30d': '-P30D',
  '90d': '-P90D',
};
export type Range = keyof typeof RANGES;

export const RANGE_WORDS: Record<Range, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};

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
  const days = [from, to].map((day) => (typeof day === 'string' && isDay(day) ? day : undefined));
  const [first, last] = days;
  if (first !== undefined && last !== undefined && first > last) return { from: last, to: first };
  return { from: first, to: last };
}

export function rangeLabel({ range, from, to }: TimeRange): string | null {
  if (range) return RANGE_WORDS[range];
  if (from && to) return from === to ? from : `${from} – ${to}`;
  if (from) return `Since ${from}`;
  if (to) return `Until ${to}`;
  return null;
}

export function rangeFilter(
  { range, from, to }: TimeRange,
  timeZone: string,
): DateTimeFilter | undefined {
  if (range) return { gte: RANGES[range] };
  if (!from && !to) return undefined;
  return {
    gte: from && startOfDay(from, timeZone),
    lt: to && endOfDay(to, timeZone),
  };
}

/** The last day of a range counts in full. */
export function endOfDay(day: string, timeZone: string): string {
  return startOfDay(shiftDay(day, 1), timeZone);
}

const HOUR_MS = 3_600_000;
const HOURS: Record<Range, number> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, '90d': 2_160 };

export function rangeMs(range: Range): number {
  return HOURS[range] * HOUR_MS;
}
