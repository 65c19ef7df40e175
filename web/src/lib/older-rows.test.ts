import { expect, test } from 'vitest';
import { below, noOlderRows, withChanged, withPage } from './older-rows';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join('');
const read = withPage(noOlderRows(rows('d', 'c')), rows('b', 'a'), 'more');

test('a further page is added once', () => {
  expect(ids(read.rows)).toBe('ba');
  expect(ids(withPage(read, rows('a', 'z'), null).rows)).toBe('baz');
});

test('what a first page pushes out follows it', () => {
  const next = below(rows('e', 'd'), read);
  expect(ids(next.head) + ids(next.rows)).toBe('edcba');
  expect(next.next).toEqual({ cursor: 'more' });
});

test('a row that went away lets the page end further down', () => {
  const next = below(rows('d', 'b'), read);
  expect(ids(next.head) + ids(next.rows)).toBe('dba');
});

test('a first page with nothing in common leaves a gap, so the rest is read again', () => {
  const next = below(rows('z', 'y'), read);
  expect(next).toEqual(noOlderRows(rows('z', 'y')));
});

test('before anything was read there is nothing to keep', () => {
  expect(below(rows('e', 'd'), noOlderRows(rows('d', 'c')))).toEqual(noOlderRows(rows('e', 'd')));
});

test('a row that was read again stays in its place, and where to go on stays known', () => {
  const changed = { id: 'b', outcome: 'MISSED' };
  const next = withChanged(read, [changed]);
  expect(next.rows).toEqual([changed, { id: 'a' }]);
  expect(next.next).toEqual({ cursor: 'more' });
  expect(withChanged(read, rows('z'))).toBe(read);
});
