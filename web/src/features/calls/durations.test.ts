import { expect, test } from 'vitest';
import { durationsOf, rowDuration } from './durations';

const now = new Date('2026-03-08T15:00:00Z');
const answered = {
  outcome: 'ANSWERED',
  dateStarted: '2026-03-08T14:00:00.000Z',
  dateFirstRang: '2026-03-08T14:00:02.000Z',
  dateRang: '2026-03-08T14:00:02.000Z',
  dateConnected: '2026-03-08T14:00:10.000Z',
  dateEnded: '2026-03-08T14:02:10.000Z',
  durationMs: 120_000,
  totalDurationMs: 130_000,
  talkTimeMs: 100_000,
  holdTimeMs: 20_000,
};

test('an answered call divides without gap or overlap', () => {
  const { segments, ringMs, talkMs, holdMs, totalMs } = durationsOf(answered, now);
  expect({ ringMs, talkMs, holdMs, totalMs }).toEqual({
    ringMs: 8_000,
    talkMs: 100_000,
    holdMs: 20_000,
    totalMs: 130_000,
  });
  expect(segments).toEqual([
    { kind: 'wait', ms: 2_000 },
    { kind: 'ring', ms: 8_000 },
    { kind: 'talk', ms: 100_000 },
    { kind: 'hold', ms: 20_000 },
  ]);
});

test('a menu that had the line is not talk', () => {
  const { segments } = durationsOf({ ...answered, talkTimeMs: 30_000, holdTimeMs: 0 }, now);
  expect(segments.at(-1)).toEqual({ kind: 'other', ms: 90_000 });
});

test('figures that exceed the line are cut, never drawn beyond it', () => {
  const { segments } = durationsOf({ ...answered, talkTimeMs: 9e9, holdTimeMs: 9e9 }, now);
  const sum = segments.reduce((total, { ms }) => total + ms, 0);
  expect(sum).toBeLessThanOrEqual(130_000);
});

test('an unanswered call rang until it ended', () => {
  const missed = {
    ...answered,
    outcome: 'MISSED',
    dateConnected: null,
    dateEnded: '2026-03-08T14:00:24.000Z',
    durationMs: 0,
    totalDurationMs: 24_000,
    talkTimeMs: null,
    holdTimeMs: null,
  };
  expect(durationsOf(missed, now)).toMatchObject({ ringMs: 22_000, talkMs: null });
  expect(rowDuration(missed, now)).toEqual({ ms: 24_000, kind: 'unanswered' });
});

test('a running call counts up to now', () => {
  const running = {
    ...answered,
    outcome: 'ONGOING',
    dateEnded: null,
    durationMs: null,
    totalDurationMs: null,
    talkTimeMs: null,
    holdTimeMs: null,
  };
  expect(rowDuration(running, new Date('2026-03-08T14:01:00Z'))).toEqual({
    ms: 60_000,
    kind: 'running',
  });
});

test('times that are missing or end before they begin do no harm', () => {
  const nothing = {
    outcome: 'MISSED',
    dateStarted: null,
    dateConnected: null,
    dateEnded: null,
    durationMs: null,
    totalDurationMs: null,
    talkTimeMs: null,
  };
  expect(durationsOf(nothing, now)).toMatchObject({ totalMs: null, segments: [] });
  expect(rowDuration(nothing, now)).toBeNull();
  const backwards = { ...answered, dateEnded: '2026-03-08T13:00:00Z', totalDurationMs: null };
  expect(durationsOf(backwards, now).totalMs).toBe(0);
});
