import { expect, test } from 'vitest';
import {
  inPlace,
  NOTHING_TOLD,
  ROWS_AT_ONCE_MAX,
  TOLD_MAX,
  type Told,
  toReadAgain,
  UNTOLD_ROWS_MAX,
  withTold,
} from './changed-rows';

interface Row {
  id: string;
  parts?: { id: string }[];
}

const named = (...ids: string[]): Row[] => ids.map((id) => ({ id }));
const many = (count: number) => named(...Array.from({ length: count }, (_, at) => `row ${at}`));
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
const told = (...ids: string[]) => ids.reduce(withTold, NOTHING_TOLD);
const again = (what: Told, rows: readonly Row[], fresh: readonly Row[] = []) =>
  toReadAgain(what, { rows, fresh, partsOf: (row) => row.parts ?? [row] });

test('a row below the page is read again when it is told, and others are not', () => {
  const { now, later } = again(told('b', 'elsewhere'), named('e', 'd', 'c', 'b', 'a'), named('e'));
  expect(ids(now)).toEqual(['b']);
  expect(later).toEqual(NOTHING_TOLD);
});

test('a row of several parts is told by any of them', () => {
  const rows = [
    { id: 'one', parts: named('x', 'y') },
    { id: 'two', parts: named('z') },
  ];
  expect(ids(again(told('y'), rows).now)).toEqual(['one']);
});

test('a row of the page waits: it is read with it, or again once it was pushed out', () => {
  const [rows, page] = [named('c', 'b', 'a'), named('c', 'b')];
  const first = again(told('b'), rows, page);
  expect(first.now).toEqual([]);
  const pushedOut = again(first.later, [...named('d'), ...rows], named('d', 'c'));
  expect(ids(pushedOut.now)).toEqual(['b']);
  expect(pushedOut.later).toEqual(NOTHING_TOLD);
});

test('of many rows some are read now, and all the others afterwards', () => {
  const rows = many(ROWS_AT_ONCE_MAX + 20);
  const first = again(told(...ids(rows)), rows);
  expect(ids(first.now)).toEqual(ids(rows).slice(0, ROWS_AT_ONCE_MAX));
  const second = again(first.later, rows);
  expect(ids(second.now)).toEqual(ids(rows).slice(ROWS_AT_ONCE_MAX));
  expect(second.later).toEqual(NOTHING_TOLD);
});

test('what was not told is looked for from the top, in so many rows and no more', () => {
  const rows = many(UNTOLD_ROWS_MAX + 50);
  let left = withTold(told('row 540'), undefined);
  const read: string[] = [];
  while (left.more || left.ids.size > 0) {
    const { now, later } = again(left, rows);
    read.push(...ids(now));
    left = later;
  }
  expect(read).toEqual([...ids(rows).slice(0, UNTOLD_ROWS_MAX), 'row 540']);
});

test('what nobody asks about is not remembered without end', () => {
  const before = told(...ids(many(TOLD_MAX)));
  expect(withTold(before, 'row 3')).toBe(before);
  expect(withTold(before, 'another')).toEqual({ ids: new Set(), more: true });
});

test('rows change where they are, and a list without them stays the same', () => {
  const rows = named('c', 'b', 'a');
  const changed = { id: 'b', parts: [] };
  expect(inPlace(rows, [changed, { id: 'z' }])).toEqual([{ id: 'c' }, changed, { id: 'a' }]);
  expect(inPlace(rows, named('z'))).toBe(rows);
});
