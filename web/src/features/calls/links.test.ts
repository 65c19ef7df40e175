import { expect, test } from 'vitest';
import { frozenLink, viewLink } from './links';
import { readCallsSearch } from './search-params';

const COMPANY = { slug: 'acme', timeZone: 'America/New_York' };
const NOW = new Date('2026-03-10T15:30:20.000Z');

const searchOf = (link: string) => Object.fromEntries(new URL(link).searchParams);

test('a relative link keeps what is asked and forgets the page', () => {
  const link = viewLink({ q: 'ada', range: '7d', after: 'cursor' }, COMPANY);
  expect(new URL(link).pathname).toBe('/c/acme/calls');
  expect(searchOf(link)).toEqual({ q: 'ada', range: '7d' });
});

test('a frozen link says the range as instants that the page can read again', () => {
  const search = searchOf(frozenLink({ range: '7d', outcome: 'missed' }, COMPANY, NOW));
  expect(search).toEqual({
    outcome: 'missed',
    from: '2026-03-03T15:30Z',
    to: '2026-03-10T15:31Z',
  });
  expect(readCallsSearch(search)).toEqual(search);
});

test('what is open at its end is closed now, and days that have an end stay days', () => {
  expect(searchOf(frozenLink({}, COMPANY, NOW))).toEqual({ to: '2026-03-10T15:31Z' });
  const since = searchOf(frozenLink({ from: '2026-03-09' }, COMPANY, NOW));
  expect(since).toEqual({ from: '2026-03-09T04:00Z', to: '2026-03-10T15:31Z' });
  expect(readCallsSearch(since)).toEqual(since);
  const days = { from: '2026-03-08', to: '2026-03-09' };
  expect(searchOf(frozenLink(days, COMPANY, NOW))).toEqual(days);
});
