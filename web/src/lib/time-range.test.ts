import { expect, test } from 'vitest';
import {
  firstDay,
  isInstant,
  lastDay,
  rangeBetween,
  rangeFilter,
  rangeLabel,
  readRange,
} from './time-range';

const ZONE = 'America/New_York';

test('a range of minutes is read and asked for as it stands', () => {
  const range = readRange({ from: '2026-03-08T14:00Z', to: '2026-03-08T14:30Z' });
  expect(range).toEqual({ from: '2026-03-08T14:00Z', to: '2026-03-08T14:30Z' });
  expect(rangeFilter(range, ZONE)).toEqual({
    gte: '2026-03-08T14:00:00.000Z',
    lt: '2026-03-08T14:30:00.000Z',
  });
});

test('what is no day and no minute is dropped, and so is no time at all', () => {
  for (const bad of ['2026-03-08T24:00Z', '2026-02-30T10:00Z', '2026-03-08T10:00', '10:00Z']) {
    expect(isInstant(bad)).toBe(false);
    expect(readRange({ from: bad })).toEqual({});
  }
  expect(readRange({ from: '2026-03-08T14:00Z', to: '2026-03-08T14:00Z' })).toEqual({});
});

test('minutes in the wrong order are turned round, minutes with a day are left', () => {
  const [early, late] = ['2026-03-08T14:00Z', '2026-03-08T15:00Z'];
  expect(readRange({ from: late, to: early })).toEqual({ from: early, to: late });
  expect(readRange({ from: late, to: '2026-03-08' })).toEqual({ from: late, to: '2026-03-08' });
});

test('whole days of the company are said as days, the short one too', () => {
  expect(rangeBetween('2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', ZONE)).toEqual({
    from: '2026-03-08',
    to: '2026-03-08',
  });
  expect(rangeBetween('2026-03-02T05:00:00.000Z', '2026-03-09T04:00:00.000Z', ZONE)).toEqual({
    from: '2026-03-02',
    to: '2026-03-08',
  });
});

test('all else is said to the minute, and nothing is cut off', () => {
  expect(rangeBetween('2026-03-08T05:00:00.000Z', '2026-03-08T11:00:00.000Z', ZONE)).toEqual({
    from: '2026-03-08T05:00Z',
    to: '2026-03-08T11:00Z',
  });
  expect(rangeBetween('2026-03-08T14:00:59.999Z', '2026-03-08T14:07:00.001Z', ZONE)).toEqual({
    from: '2026-03-08T14:00Z',
    to: '2026-03-08T14:08Z',
  });
});

test('a range of minutes is named in the zone of the company', () => {
  const label = (from: string, to: string) => rangeLabel({ from, to }, ZONE);
  expect(label('2026-03-09T14:00Z', '2026-03-09T18:00Z')).toBe('9 Mar 2026, 10:00 – 14:00 EDT');
  expect(label('2026-03-09T22:00Z', '2026-03-10T04:00Z')).toBe('9 Mar 2026, 18:00 – 24:00 EDT');
  expect(label('2026-03-09T22:00Z', '2026-03-10T10:00Z')).toBe(
    '9 Mar 2026, 18:00 – 10 Mar 2026, 06:00 EDT',
  );
  // The hour that comes twice.
  expect(label('2026-11-01T05:00Z', '2026-11-01T06:00Z')).toBe('1 Nov 2026, 01:00 EDT – 01:00 EST');
  expect(rangeLabel({ from: '2026-03-09T14:00Z' }, ZONE)).toBe('Since 9 Mar 2026, 10:00 EDT');
});

test('fields for days show the days that a range of minutes lies in', () => {
  expect(firstDay('2026-03-09T02:00Z', ZONE)).toBe('2026-03-08');
  expect(lastDay('2026-03-10T04:00Z', ZONE)).toBe('2026-03-09');
  expect(lastDay('2026-03-10', ZONE)).toBe('2026-03-10');
});
