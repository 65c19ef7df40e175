import { expect, test } from 'vitest';
import { rowsLabel } from './time-span';

const NEW_YORK = 'America/New_York';
const label = (first: string, last: string) => rowsLabel(first, last, NEW_YORK);

test('rows of one day have its date once, and its zone', () => {
  expect(label('2026-03-10T14:00:00Z', '2026-03-10T13:05:09Z')).toBe(
    'Tue, 10 Mar 2026, 10:00:00 – 09:05:09 EDT',
  );
});

test('rows of several days have both dates, and the zone once', () => {
  expect(label('2026-03-10T14:00:00Z', '2026-03-09T13:00:00Z')).toBe(
    'Tue, 10 Mar 2026, 10:00:00 – Mon, 9 Mar 2026, 09:00:00 EDT',
  );
});

test('the day is the zone’s, not UTC’s', () => {
  expect(label('2026-03-11T02:00:00Z', '2026-03-10T14:00:00Z')).toBe(
    'Tue, 10 Mar 2026, 22:00:00 – 10:00:00 EDT',
  );
});

test('when the clocks changed in between, both zones are said', () => {
  expect(label('2026-11-01T06:30:00Z', '2026-11-01T05:30:00Z')).toBe(
    'Sun, 1 Nov 2026, 01:30:00 EST – 01:30:00 EDT',
  );
});

test('a single row has one time', () => {
  expect(label('2026-03-10T14:00:00Z', '2026-03-10T14:00:00Z')).toBe(
    'Tue, 10 Mar 2026, 10:00:00 EDT',
  );
});
