import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search-codec';

test('the query string is flat, readable and survives the round trip', () => {
  const search = {
    q: 'state:missed number:*5678 "Söhne & Co"',
    dir: 'inbound',
    outcome: 'missed,voicemail',
  };
  const text = stringifySearch(search);
  expect(text).toContain('dir=inbound&outcome=missed,voicemail');
  expect(text).toContain('q=state:missed+number:*5678');
  expect(parseSearch(text)).toEqual(search);
});

test('an empty search is no query string at all', () => {
  expect(stringifySearch({ q: '', dir: undefined })).toBe('');
});

test('the first of a repeated parameter wins', () => {
  expect(parseSearch('?q=one&q=two&dir=')).toEqual({ q: 'one' });
});
