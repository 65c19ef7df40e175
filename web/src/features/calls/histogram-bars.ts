// What the volume chart draws and says, worked out from the buckets of the server.
import type { BucketUnit, CallHistogramQuery } from '~/gql/documents';
import { clockTime, dayAndMonth, monthAndYear } from '~/lib/time';
import { isMidnight } from '~/lib/time-span';
import * as words from '~/words/calls';

export type Histogram = NonNullable<CallHistogramQuery['company']>['callHistogram'];
export type Bucket = Histogram['buckets'][number];

/** From the bottom of a bar to its top. */
export const PARTS = ['answered', 'missed', 'voicemail', 'other'] as const;
export type Part = (typeof PARTS)[number];

export const PART_WORDS: Record<Part, string> = {
  answered: words.answered,
  missed: words.missedOrAbandoned,
  voicemail: words.voicemail,
  other: words.other,
};

export type Counts = Record<Part | 'total', number>;

export function countsOf(buckets: Bucket[]): Counts {
  const counts: Counts = { answered: 0, missed: 0, voicemail: 0, other: 0, total: 0 };
  for (const bucket of buckets) {
    const missed = bucket.missed + bucket.abandoned;
    counts.answered += bucket.answered;
    counts.missed += missed;
    counts.voicemail += bucket.voicemail;
    counts.other += bucket.total - bucket.answered - missed - bucket.voicemail;
    counts.total += bucket.total;
  }
  return counts;
}

/**
 * The parts of one bar in whole pixels. One call among thousands is still seen: every part that
 * has any is at least a pixel high, and the largest makes up for it.
 */
export function stack(counts: Counts, highest: number, heightPx: number): [Part, number][] {
  const present = PARTS.filter((part) => counts[part] > 0);
  if (present.length === 0) return [];
  const scale = heightPx / Math.max(1, highest);
  const barPx = Math.max(BAR_PX_MIN, present.length, Math.round(counts.total * scale));
  const parts = present.map((part): [Part, number] => [
    part,
    Math.max(1, Math.floor((counts[part] / counts.total) * barPx)),
  ]);
  const rest = barPx - parts.reduce((sum, [, px]) => sum + px, 0);
  const largest = parts.reduce((most, each) => (each[1] > most[1] ? each : most));
  largest[1] += rest;
  return parts;
}

const BAR_PX_MIN = 2;

/** The bar under a place on the chart; beyond its ends, the bar at that end. */
export function barAt(offsetPx: number, widthPx: number, bars: number): number {
  if (widthPx <= 0) return 0;
  return Math.min(bars - 1, Math.max(0, Math.floor((offsetPx / widthPx) * bars)));
}

/** `8 answered, 3 missed or abandoned`: only what there is. */
export function countWords(counts: Counts): string {
  const calls = words.callCount(counts.total);
  const parts = PARTS.filter((part) => counts[part] > 0).map((part) =>
    words.PART_COUNTS[part](counts[part]),
  );
  return parts.length === 0 ? calls : words.callsInParts(calls, parts.join(', '));
}

export interface Tick {
  /** The bucket that begins there. */
  index: number;
  label: string;
}

const TICKS_MAX = 8;
const MINUTES_OF_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440];
const DAYS_AND_LONGER: ReadonlySet<BucketUnit> = new Set<BucketUnit>(['DAY', 'WEEK', 'MONTH']);

/** Few enough words along the axis, at round times. */
export function ticks(buckets: Bucket[], unit: BucketUnit, timeZone: string): Tick[] {
  const all = buckets.map(({ startsAt }, index) => ({ index, startsAt }));
  if (DAYS_AND_LONGER.has(unit)) {
    const label = unit === 'MONTH' ? monthAndYear : dayAndMonth;
    return thin(all).map(({ index, startsAt }) => ({ index, label: label(startsAt, timeZone) }));
  }
  const minutes = all.map(({ startsAt }) => minuteOfDay(startsAt, timeZone));
  const round = MINUTES_OF_STEPS.map((step) =>
    all.filter(({ index }) => (minutes[index] ?? 0) % step === 0),
  );
  const found = round.filter((places) => places.length > 0);
  const fitting = found.find((places) => places.length <= TICKS_MAX);
  const chosen = thin(fitting ?? found.at(-1) ?? all);
  // Without a midnight among them nothing would say which day it is.
  const someDay = chosen.some(({ startsAt }) => isMidnight(startsAt, timeZone));
  return chosen.map(({ index, startsAt }, place) => {
    if (isMidnight(startsAt, timeZone)) return { index, label: dayAndMonth(startsAt, timeZone) };
    const time = clockTime(startsAt, timeZone).slice(0, 5);
    const first = place === 0 && !someDay;
    return { index, label: first ? `${dayAndMonth(startsAt, timeZone)}, ${time}` : time };
  });
}

function thin<T>(places: T[]): T[] {
  const step = Math.ceil(places.length / TICKS_MAX);
  return places.filter((_, index) => index % step === 0);
}

function minuteOfDay(iso: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = clockTime(iso, timeZone).split(':').map(Number);
  return hours * 60 + minutes;
}
