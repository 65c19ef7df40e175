import { expect, test } from 'vitest';
import { acceptedShare, bars } from './sparkline';

const bucket = (startsAt: string, accepted: number, rejected = 0) => ({
  startsAt,
  accepted,
  duplicate: 1,
  quarantined: 0,
  rejected,
});

test('hours become bars at their place, and hours without deliveries are gaps', () => {
  const day = bars(
    [bucket('2026-03-08T11:00:00Z', 2), bucket('2026-03-09T10:00:00Z', 1, 4)],
    '2026-03-08T11:20:00Z',
    '2026-03-09T11:20:00Z',
  );
  expect(day).toHaveLength(24);
  expect(day[0]).toEqual({ received: 3, takenIn: 3, rejected: 0 });
  expect(day[22]).toEqual({ received: 6, takenIn: 2, rejected: 4 });
  expect(day.filter((bar) => bar.received === 0)).toHaveLength(22);
});

test('a long range has no more bars than fit, and nothing is lost', () => {
  const hours = Array.from({ length: 168 }, (_, hour) =>
    bucket(new Date(Date.UTC(2026, 2, 1, hour)).toISOString(), 1),
  );
  const week = bars(hours, '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z');
  expect(week).toHaveLength(28);
  expect(week.every((bar) => bar.received === 12)).toBe(true);
});

test('too short a range, or nothing in it, is no picture', () => {
  expect(
    bars([bucket('2026-03-08T11:00:00Z', 1)], '2026-03-08T11:00:00Z', '2026-03-08T12:00:00Z'),
  ).toEqual([]);
  expect(bars([], '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z')).toEqual([]);
});

test('the share is never rounded up to all', () => {
  expect(acceptedShare({ received: 0, accepted: 0, duplicate: 0 })).toBeNull();
  expect(acceptedShare({ received: 4, accepted: 3, duplicate: 1 })).toBe('100 %');
  expect(acceptedShare({ received: 100_000, accepted: 99_999, duplicate: 0 })).toBe('99.9 %');
});
