import { expect, test } from 'vitest';
import { linesByDay } from './day-lines';

const rows = [
  { id: '3', at: '2026-03-08T14:00:00Z' },
  { id: '2', at: '2026-03-08T05:30:00Z' },
  { id: '1', at: '2026-03-08T04:30:00Z' },
];
const parts = { timeOf: (row: { at: string }) => row.at, nameOf: (row: { id: string }) => row.id };

test('a line for each day of the zone stands above its rows', () => {
  const lines = linesByDay(rows, 'America/New_York', parts).map(({ key }) => key);
  expect(lines).toEqual(['day 2026-03-08', '3', '2', 'day 2026-03-07', '1']);
});

test('another zone has other days for the same rows', () => {
  const lines = linesByDay(rows, 'UTC', parts).map(({ key }) => key);
  expect(lines).toEqual(['day 2026-03-08', '3', '2', '1']);
});

test('what is opened has a line below it, which the keyboard steps over', () => {
  const lines = linesByDay(rows, 'UTC', { ...parts, isOpened: ({ id }) => id === '2' });
  expect(lines.map(({ key, row }) => [key, row])).toContainEqual(['2 under', undefined]);
});
