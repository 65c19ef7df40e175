import { expect, test } from 'vitest';
import { companyOfPath, safeNextPath } from './next-path';

test('only a path on this site is followed after signing in', () => {
  expect(safeNextPath('/c/acme/calls?q=ada')).toBe('/c/acme/calls?q=ada');
  for (const next of [
    undefined,
    '',
    'https://example.com',
    '//example.com',
    '/\\example.com',
    '/\t/example.com',
    'c/acme',
    '/signin?next=/',
  ]) {
    expect(safeNextPath(next), String(next)).toBeNull();
  }
});

test('the company of a page is in its path', () => {
  expect(companyOfPath('/c/acme/calls?q=ada')).toBe('acme');
  expect(companyOfPath('/c/acme')).toBe('acme');
  expect(companyOfPath('/api')).toBeUndefined();
  expect(companyOfPath(null)).toBeUndefined();
});
