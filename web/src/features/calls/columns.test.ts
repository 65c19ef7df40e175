import { expect, test } from 'vitest';
import { readColumns, STANDARD_COLUMNS } from './columns';

test('columns stand in their own order, and unknown ones are forgotten', () => {
  expect(readColumns('callId,outcome,direction,gone')).toEqual(['direction', 'outcome', 'callId']);
});

test('a list is never without columns', () => {
  expect(readColumns(null)).toBe(STANDARD_COLUMNS);
  expect(readColumns('')).toBe(STANDARD_COLUMNS);
  expect(readColumns('gone')).toBe(STANDARD_COLUMNS);
});
