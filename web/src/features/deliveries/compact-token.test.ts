import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { readToken } from './compact-token';

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

test('a token is read without its signature being right', () => {
  const header = '{"alg":"HS256","typ":"JWT"}';
  const payload = '{"contact":{"name":"Søren Example ✓"}}';
  expect(readToken(` ${encode(header)}.${encode(payload)}.c2lnbmF0dXJl\n`)).toEqual({
    header,
    payload,
  });
});

test('what is no token is not read as one', () => {
  for (const raw of ['', 'a.b', '..', '{"a":"b.c.d"}', 'a b.c.d', `${encode('{}')}._w.x`]) {
    expect(readToken(raw), raw).toBeNull();
  }
});
