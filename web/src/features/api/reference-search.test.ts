import { expect, test } from 'vitest';
import { findTypes } from './reference-search';

test('without a word all there is, where one begins first', () => {
  const [query, mutation, ...rest] = findTypes('');
  expect([query?.type.name, mutation?.type.name]).toEqual(['Query', 'Mutation']);
  expect(rest.length).toBeGreaterThan(50);
});

test('a name finds its type first, a field the types that have it, and only that field', () => {
  expect(findTypes('call')[0]?.type.name).toBe('Call');
  const found = findTypes('holdTimeMs');
  expect(found).toHaveLength(1);
  expect(found[0]?.type.name).toBe('Call');
  expect([...(found[0]?.members ?? [])]).toEqual(['holdTimeMs']);
  expect(findTypes('no such word')).toEqual([]);
});
