import { expect, test } from 'vitest';
import { expiryOf, isInUse, scopesText } from './key-words';

const NOW = new Date('2026-03-08T14:00:00.000Z');

test('scopes are said as the API spells them', () => {
  expect(scopesText(['CALLS_READ', 'EXPORT'])).toBe('calls:read, export');
  expect(scopesText(null)).toBe('all that a member may do');
});

test('a lifetime counts from now', () => {
  expect(expiryOf('30', NOW)).toBe('2026-04-07T14:00:00.000Z');
  expect(expiryOf('', NOW)).toBeNull();
});

test('a key that was used within a day is in use', () => {
  expect(isInUse('2026-03-07T14:00:01.000Z', NOW)).toBe(true);
  expect(isInUse('2026-03-07T14:00:00.000Z', NOW)).toBe(false);
  expect(isInUse(null, NOW)).toBe(false);
});
