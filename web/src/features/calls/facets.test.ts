import { expect, test } from 'vitest';
import { count } from '~/testing/histogram';
import { countOf, countText, facetValues, facetVariables } from './facets';

const company = { id: 'Company:1', timeZone: 'America/New_York' };

test('a facet is asked for without its own condition, and no other is', () => {
  const search = { q: 'ada', dir: 'inbound', outcome: 'missed' };
  expect(facetVariables(search, company, 'outcome')).toEqual({
    company: 'Company:1',
    query: 'ada',
    filter: { direction: { in: ['INBOUND'] } },
    values: 50,
    direction: false,
    outcome: true,
    state: false,
    person: false,
    group: false,
    recorded: false,
    voicemail: false,
  });
});

test('people stand by their id, else by their e-mail; groups say what they are', () => {
  const party = { type: 'user', id: null, name: null, email: null, phone: null };
  const person = [
    { party: { ...party, id: '11', name: 'Grace Example' }, count: count(3) },
    { party: { ...party, email: 'noor@example.com' }, count: count(2) },
    { party, count: count(1) },
  ];
  expect(facetValues({ person }, 'person')).toMatchObject([
    { value: '11', label: 'Grace Example' },
    { value: 'noor@example.com', label: 'noor@example.com' },
  ]);
  const group = [{ groupId: 'CallCenter:5', name: 'Support', count: count(4) }];
  expect(facetValues({ group }, 'group')).toMatchObject([
    { value: 'CallCenter:5', label: 'Support', hint: 'Call centre' },
  ]);
});

test('what was not counted is nothing only where everything was counted', () => {
  const some = facetValues(
    { recorded: [{ value: true, count: count(25_000, false) }] },
    'recorded',
  );
  expect(countOf(some, '1')).toEqual(count(25_000, false));
  expect(countText(count(25_000, false))).toBe('25,000+');
  expect(countOf(some, '0')).toBeNull();
  const exact = facetValues({ recorded: [{ value: true, count: count(7) }] }, 'recorded');
  expect(countOf(exact, '0')).toEqual(count(0));
});
