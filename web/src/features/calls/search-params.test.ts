import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '~/lib/search-codec';
import {
  callsVariables,
  canBeLive,
  changeFilter,
  hasFilter,
  readCallsSearch,
} from './search-params';

const company = { id: 'Company:1', timeZone: 'America/New_York' };

test('a full view survives the address', () => {
  const search = readCallsSearch({
    q: 'ada number:*5678',
    dir: 'inbound',
    outcome: 'missed,voicemail',
    state: 'hangup',
    who: '11,grace@example.com',
    tgt: 'CallCenter:5,Department:7',
    rec: '1',
    vm: '0',
    from: '2026-03-01',
    to: '2026-03-08',
    sort: 'oldest',
    after: 'abc=',
  });
  expect(readCallsSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
});

test('unknown and malformed parameters are dropped without a word', () => {
  expect(
    readCallsSearch({
      dir: 'sideways',
      outcome: 'missed,lost,__proto__',
      state: '',
      range: 'toString',
      who: ',,',
      tgt: 5,
      rec: 'yes',
      vm: '01',
      from: '2026-02-31',
      sort: 'newest',
      colour: 'blue',
      q: 7,
    }),
  ).toEqual({ outcome: 'missed' });
});

test('a relative range rules out days, one cursor rules out the other', () => {
  expect(readCallsSearch({ range: '7d', from: '2026-03-01' })).toEqual({ range: '7d' });
  expect(readCallsSearch({ after: 'a', before: 'b' })).toEqual({ after: 'a' });
});

test('days in the wrong order are turned round', () => {
  expect(readCallsSearch({ from: '2026-03-08', to: '2026-03-01' })).toEqual({
    from: '2026-03-01',
    to: '2026-03-08',
  });
});

test('changing a filter leaves the page that belonged to the old one', () => {
  expect(changeFilter({ q: 'ada', after: 'abc' }, { dir: 'inbound' })).toEqual({
    q: 'ada',
    dir: 'inbound',
  });
});

test('the server is asked for what the address says', () => {
  const search = readCallsSearch({
    q: ' ada ',
    dir: 'inbound',
    outcome: 'missed,voicemail',
    range: '7d',
  });
  expect(callsVariables(search, company)).toMatchObject({
    company: 'Company:1',
    query: 'ada',
    filter: {
      direction: { in: ['INBOUND'] },
      outcome: { in: ['MISSED', 'VOICEMAIL'] },
      dateStarted: { gte: '-P7D' },
    },
    orderBy: 'STARTED_DESC',
    first: 50,
  });
});

test('people are alternatives, and yes and no are not the same as not asked', () => {
  const search = readCallsSearch({ who: '11,12,11', tgt: 'CallCenter:5', rec: '1', vm: '0' });
  expect(callsVariables(search, company).filter).toEqual({
    or: [{ person: { eq: '11' } }, { person: { eq: '12' } }],
    groupId: { in: ['CallCenter:5'] },
    wasRecorded: true,
    hasVoicemail: false,
  });
});

test('days cover themselves in full, in the zone of the company', () => {
  const { filter } = callsVariables({ from: '2026-03-08', to: '2026-03-08' }, company);
  expect(filter?.dateStarted).toEqual({
    gte: '2026-03-08T05:00:00.000Z',
    lt: '2026-03-09T04:00:00.000Z',
  });
});

test('newer pages are read backwards', () => {
  const variables = callsVariables({ before: 'abc' }, company);
  expect(variables).toMatchObject({ last: 50, before: 'abc' });
  expect(variables).not.toHaveProperty('first');
});

test('live needs the first page, newest first', () => {
  expect(canBeLive({ q: 'ada' })).toBe(true);
  expect(canBeLive({ after: 'abc' })).toBe(false);
  expect(canBeLive({ sort: 'oldest' })).toBe(false);
  expect(hasFilter({ sort: 'oldest', after: 'abc' })).toBe(false);
});
