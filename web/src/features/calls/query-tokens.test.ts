import { expect, test } from 'vitest';
import { activeFilters, describeSearch } from './filter-words';
import { type QueryToken, queryTokens, removeToken } from './query-tokens';

function tokenAt(query: string, index: number): QueryToken {
  const token = queryTokens(query)[index];
  if (!token) throw new Error(`no term ${index} in ${query}`);
  return token;
}

const words = { timeZone: 'America/New_York' };

const texts = (query: string) => queryTokens(query).map(({ text }) => text);

test('terms are cut at blanks, not inside quotes or lists', () => {
  expect(texts('  state:[missed, voicemail]  -direction:outbound "Ada Example" 5678')).toEqual([
    'state:[missed, voicemail]',
    '-direction:outbound',
    '"Ada Example"',
    '5678',
  ]);
  expect(texts('contact:"Ada Example" last:7d')).toEqual(['contact:"Ada Example"', 'last:7d']);
  expect(texts('"never closed')).toEqual(['"never closed']);
  expect(texts('   ')).toEqual([]);
});

test('one term is removed and the rest stays as typed', () => {
  const query = 'ada  state:missed 5678';
  expect(removeToken(query, tokenAt(query, 1))).toBe('ada 5678');
  expect(removeToken(query, tokenAt(query, 0))).toBe('state:missed 5678');
  expect(removeToken('ada', tokenAt('ada', 0))).toBe('');
});

test('every active filter is named and knows the search without it', () => {
  const search = { q: 'ada state:missed', dir: 'inbound', range: '7d' as const, after: 'abc' };
  expect(activeFilters(search, words).map(({ label }) => label)).toEqual([
    'ada',
    'state:missed',
    'Inbound',
    'Last 7 days',
  ]);
  expect(activeFilters(search, words)[0]?.without).toEqual({
    q: 'state:missed',
    dir: 'inbound',
    range: '7d',
  });
  expect(activeFilters({ q: 'ada' }, words)[0]?.without).toEqual({});
});

test('a title says what is shown and stays short', () => {
  expect(describeSearch({}, words)).toBeNull();
  expect(describeSearch({ outcome: 'missed', dir: 'inbound' }, words)).toBe('Inbound, Missed');
  expect(describeSearch({ q: 'x'.repeat(500) }, words)?.length).toBeLessThan(70);
});
