import { expect, test } from 'vitest';
import { makeHistogram } from '~/testing/histogram';
import {
  type Bucket,
  barAt,
  type Counts,
  countsOf,
  countWords,
  stack,
  ticks,
} from './histogram-bars';

const counts = (part: Partial<Counts>): Counts => {
  const { answered = 0, missed = 0, voicemail = 0, other = 0 } = part;
  return { answered, missed, voicemail, other, total: answered + missed + voicemail + other };
};

const bucketsOf = (startsAt: string, ms: number, length: number): Bucket[] => {
  const [hour] = makeHistogram([[0, 0]]).buckets;
  if (!hour) throw new Error('one hour was asked for');
  return Array.from({ length }, (_, index) => ({
    ...hour,
    startsAt: new Date(Date.parse(startsAt) + index * ms).toISOString(),
    endsAt: new Date(Date.parse(startsAt) + (index + 1) * ms).toISOString(),
  }));
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ZONE = 'America/New_York';

test('outcomes are gathered into four parts that add up', () => {
  const [hour] = bucketsOf('2026-03-09T14:00:00.000Z', HOUR_MS, 1);
  const full = { ...(hour as Bucket), total: 21, answered: 6, missed: 5, abandoned: 4 };
  const all = { ...full, voicemail: 3, blocked: 1, cancelled: 1, ongoing: 1 };
  expect(countsOf([all, all])).toEqual({
    answered: 12,
    missed: 18,
    voicemail: 6,
    other: 6,
    total: 42,
  });
  expect(countWords(countsOf([all]))).toBe(
    '21 calls: 6 answered, 9 missed or abandoned, 3 voicemail, 3 other',
  );
  expect(countWords(counts({}))).toBe('0 calls');
});

test('a bar is as high as its share of the highest', () => {
  expect(stack(counts({ answered: 30, missed: 10 }), 80, 80)).toEqual([
    ['answered', 30],
    ['missed', 10],
  ]);
  expect(stack(counts({}), 80, 80)).toEqual([]);
});

test('one call among thousands is still seen, and the bar keeps its height', () => {
  const parts = stack(counts({ answered: 5_000, missed: 1, other: 1 }), 5_002, 58);
  expect(parts).toEqual([
    ['answered', 56],
    ['missed', 1],
    ['other', 1],
  ]);
  expect(stack(counts({ missed: 1 }), 100_000, 58)).toEqual([['missed', 2]]);
  const four = counts({ answered: 1, missed: 1, voicemail: 1, other: 1 });
  expect(stack(four, 100_000, 58).map(([, px]) => px)).toEqual([1, 1, 1, 1]);
});

test('a place on the chart belongs to one bar, beyond the ends to the outer ones', () => {
  expect([0, 9.9, 10, 599].map((x) => barAt(x, 600, 60))).toEqual([0, 0, 1, 59]);
  expect([-5, 600, 9_999].map((x) => barAt(x, 600, 60))).toEqual([0, 59, 59]);
  expect(barAt(5, 0, 60)).toBe(0);
});

test('the axis has few words, at round times', () => {
  const labels = (buckets: Bucket[], unit: Parameters<typeof ticks>[1]) =>
    ticks(buckets, unit, ZONE).map(({ label }) => label);
  expect(labels(bucketsOf('2026-03-09T14:07:00.000Z', MINUTE_MS, 60), 'MINUTE')).toEqual([
    '9 Mar, 10:10',
    '10:20',
    '10:30',
    '10:40',
    '10:50',
    '11:00',
  ]);
  expect(labels(bucketsOf('2026-03-09T18:00:00.000Z', HOUR_MS, 24), 'HOUR')).toEqual([
    '15:00',
    '18:00',
    '21:00',
    '10 Mar',
    '03:00',
    '06:00',
    '09:00',
    '12:00',
  ]);
  expect(labels(bucketsOf('2026-03-09T04:00:00.000Z', 24 * HOUR_MS, 16), 'DAY')).toHaveLength(8);
  expect(labels(bucketsOf('2026-03-09T04:00:00.000Z', 6 * HOUR_MS, 60), 'SIX_HOURS')[1]).toBe(
    '11 Mar',
  );
  expect(labels(bucketsOf('2026-03-09T14:07:00.000Z', MINUTE_MS, 1), 'MINUTE')).toEqual([
    '9 Mar, 10:07',
  ]);
  expect(ticks([], 'HOUR', ZONE)).toEqual([]);
});

test('hours of a zone that is half an hour off still have words', () => {
  const hours = bucketsOf('2026-03-09T14:00:00.000Z', HOUR_MS, 20);
  expect(ticks(hours, 'HOUR', 'Asia/Kolkata').length).toBeGreaterThan(2);
});
