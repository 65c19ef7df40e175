import { expect, test } from 'vitest';
import { prettyJson, readableText } from './pretty-json';

test('JSON is indented without touching its numbers or strings', () => {
  const raw = '{"id":90071992547409931,"n":1.10,"t":"a{b}, \\"c\\": [d]","e":{},"l":[ ],"a":[1,2]}';
  const pretty = prettyJson(raw);
  expect(pretty).toContain('"id": 90071992547409931');
  expect(pretty).toContain('"n": 1.10');
  expect(pretty).toContain('"t": "a{b}, \\"c\\": [d]"');
  expect(pretty).toContain('"e": {},\n  "l": []');
  expect(JSON.parse(pretty)).toEqual(JSON.parse(raw));
});

test('text made to grow without end is cut', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(prettyJson(deep).length).toBeLessThan(210_000);
  expect(readableText(`"${'x'.repeat(400_000)}`).length).toBeLessThan(210_000);
});

test('what is not JSON is shown as it came', () => {
  expect(readableText('{"open": ')).toBe('{"open": ');
  expect(readableText('a=1, b=2')).toBe('a=1, b=2');
  expect(readableText(' {"a":1}')).toBe('{\n  "a": 1\n}');
});
