import { expect, test } from 'vitest';
import { CALL_TITLES } from './call';
import { plural } from './language';

test('a count has the form that the language gives it', () => {
  const calls = (count: number) => plural(count, { one: '# call', other: '# calls' });
  expect([0, 1, 2, 1_234].map(calls)).toEqual(['0 calls', '1 call', '2 calls', '1,234 calls']);
});

test('a call has a title in words', () => {
  expect(CALL_TITLES.INBOUND.MISSED).toBe('Missed inbound call');
  expect(CALL_TITLES.OUTBOUND.ONGOING).toBe('Outbound call in progress');
  expect(CALL_TITLES.UNKNOWN.ANSWERED).toBe('Answered call');
});
