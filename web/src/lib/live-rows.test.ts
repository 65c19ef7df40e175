import { expect, test } from 'vitest';
import { mergeLive } from './live-rows';

const a = { id: 'a', state: 'ended' };
const b = { id: 'b', state: 'ringing' };
const bEnded = { id: 'b', state: 'ended' };
const c = { id: 'c', state: 'ringing' };

test('nobody reading: the newest list is shown', () => {
  expect(mergeLive([b, a], [c, b, a], false)).toEqual({ rows: [c, b, a], waiting: 0 });
});

test('somebody reading: known calls change in place, new ones wait', () => {
  expect(mergeLive([b, a], [c, bEnded, a], true)).toEqual({ rows: [bEnded, a], waiting: 1 });
});

test('a row pushed off the page by new ones stays while somebody reads', () => {
  expect(mergeLive([b, a], [c, b], true).rows).toEqual([b, a]);
});

test('without a change the very same rows come back', () => {
  const shown = [b, a];
  expect(mergeLive(shown, [c, b, a], true).rows).toBe(shown);
});

test('an empty list holds nothing back', () => {
  expect(mergeLive([], [a], true)).toEqual({ rows: [a], waiting: 0 });
});
