import { expect, test } from 'vitest';
import type { FacetValue } from './facets';
import { suggestionsFor, withSuggestion, wordAt } from './query-suggestions';

const NOW = new Date('2026-03-09T03:00:00.000Z');

/** `|` is the cursor. */
function at(marked: string, values: FacetValue[] | null = null) {
  const cursor = marked.indexOf('|');
  const query = marked.replace('|', '');
  const word = wordAt(query, cursor);
  const known = { values, timeZone: 'America/New_York', now: NOW };
  const suggestions = word ? suggestionsFor(word, known) : [];
  return {
    word,
    labels: suggestions.map(({ label }) => label),
    choose: (label: string) => {
      const chosen = suggestions.find((each) => each.label === label);
      if (!word || !chosen) throw new Error(`${label} is not offered`);
      const { query: next, cursor: place } = withSuggestion(query, word, chosen);
      return `${next.slice(0, place)}|${next.slice(place)}`;
    },
  };
}

test('keys by their beginning, and values by their name', () => {
  expect(at('dur|').labels).toEqual(['duration:']);
  expect(at('mis|').labels).toEqual(['outcome:missed']);
  expect(at('ada -out|').labels).toEqual(['outcome:', 'direction:outbound']);
  expect(at('ada -out|').choose('outcome:')).toBe('ada -outcome:|');
  expect(at('|').labels).toHaveLength(8);
});

test('values of a key, also of the second item of a list and of a key in capitals', () => {
  expect(at('outcome:mi|').labels).toEqual(['missed']);
  expect(at('OUTCOME:mi|').choose('missed')).toBe('OUTCOME:missed |');
  expect(at('outcome:[missed,voi|]').choose('voicemail')).toBe('outcome:[missed,voicemail]|');
  expect(at('dir:|').labels).toEqual(['inbound', 'outbound', 'unknown']);
  expect(at('last:2|4h ada').choose('24h')).toBe('last:24h |ada');
});

test('what is complete offers nothing more, and neither does what is no key', () => {
  expect(at('outcome:missed|').labels).toEqual([]);
  expect(at('colour:|').labels).toEqual([]);
  expect(at('5550|').labels).toEqual([]);
});

test('days are those of the company', () => {
  expect(at('on:|').labels).toEqual(['2026-03-08', '2026-03-07', '2026-03-01', '2026-02-06']);
  expect(at('on:2026-03-0|').choose('2026-03-07')).toBe('on:2026-03-07 |');
});

test('people are written by name, and what occurs stands first with its count', () => {
  const people = [{ value: '7', label: 'Grace "G" Example', count: { value: 3, exact: true } }];
  expect(at('person:gr|', people).choose('Grace "G" Example')).toBe('person:"Grace  G  Example" |');
  expect(at('person:exa|', people).labels).toEqual(['Grace "G" Example']);
  const outcomes = [{ value: 'missed', count: { value: 4, exact: true } }];
  expect(at('outcome:|', outcomes).labels[0]).toBe('missed');
});

test('counts are of the rest of the query', () => {
  expect(at('ada outcome:mi| last:7d').word?.others).toBe('ada  last:7d');
});
