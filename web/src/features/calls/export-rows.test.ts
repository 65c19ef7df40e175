import { expect, test } from 'vitest';
import { rowCounter } from './export-rows';

const bytes = (text: string) => new TextEncoder().encode(text);

test('the head of a table is no call, and a line break inside of quotes ends none', () => {
  const count = rowCounter('csv');
  expect(count(bytes('id,name\r\n'))).toBe(0);
  expect(count(bytes('1,"two\nlines"\r\n2,"a ""quo'))).toBe(1);
  expect(count(bytes('te"""\r\n3,Ada'))).toBe(2);
  expect(count(bytes('\r\n'))).toBe(3);
});

test('lines of JSON have no head, and their quotes mean nothing here', () => {
  const count = rowCounter('jsonl');
  expect(count(bytes('{"a":"\\""}\n{"a"'))).toBe(1);
  expect(count(bytes(':1}\n'))).toBe(2);
});
