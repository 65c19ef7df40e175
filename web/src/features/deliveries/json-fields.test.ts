import { expect, test } from 'vitest';
import { fieldTime, jsonFields } from './json-fields';

const told = (raw: string) =>
  jsonFields(raw)?.lines.map(({ name, depth, value }) => [
    '  '.repeat(depth) + name,
    value.kind === 'group' ? (value.empty ? 'empty' : 'group') : value.text,
  ]);

test('fields are lines in the order they were sent, with the digits that were sent', () => {
  expect(
    told(
      ' { "call_id": 90071992547409931, "target":{"name":"Grace \\"G\\" Example","id":1.50},"labels":["a", "b"],"none":null,"proxy_target":{ },"ok":true}',
    ),
  ).toEqual([
    ['call_id', '90071992547409931'],
    ['target', 'group'],
    ['  name', 'Grace "G" Example'],
    ['  id', '1.50'],
    ['labels', 'group'],
    ['  1', 'a'],
    ['  2', 'b'],
    ['none', 'null'],
    ['proxy_target', 'empty'],
    ['ok', 'true'],
  ]);
});

test('a field that is there twice is shown twice', () => {
  expect(told('{"call_id":1,"call_id":2}')).toEqual([
    ['call_id', '1'],
    ['call_id', '2'],
  ]);
});

test('what is no JSON object has no fields', () => {
  for (const raw of ['', '[1]', '"text"', '7', '{"a":', 'null', 'a.b.c']) {
    expect(jsonFields(raw), raw).toBeNull();
  }
});

test('depth and number of lines are bounded', () => {
  const deep = jsonFields(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)},"z":1}`);
  expect(deep?.cut).toBe(true);
  expect(deep?.lines.at(-1)?.name).toBe('z');
  const many = jsonFields(`{"a":[${'1,'.repeat(50_000)}1],"z":1}`);
  expect(many?.cut).toBe(true);
  expect(many?.lines.length).toBeLessThanOrEqual(401);
});

test('milliseconds in a field for a time are a time', () => {
  const times = jsonFields(
    '{"event_timestamp":1772978400000,"date_ended":0,"call_id":1772978400000}',
  );
  expect(times?.lines.map(fieldTime)).toEqual(['2026-03-08T14:00:00.000Z', null, null]);
});
