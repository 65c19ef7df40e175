import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '~/lib/search-codec';
import {
  canBeLive,
  changeFilter,
  deliveriesVariables,
  hasFilter,
  numbersRange,
  readDeliveriesSearch,
} from './search-params';

const company = { id: 'Company:1', timeZone: 'America/New_York' };

test('a full view survives the address', () => {
  const search = readDeliveriesSearch({
    st: 'rejected,quarantined',
    why: 'signature,no_call_id',
    kind: 'call_event,sms',
    from: '2026-03-01',
    to: '2026-03-08',
    after: 'abc=',
    d: 'Delivery:1',
  });
  expect(readDeliveriesSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
  expect(search.st).toBe('quarantined,rejected');
});

test('unknown and malformed parameters are dropped without a word', () => {
  expect(
    readDeliveriesSearch({ st: 'lost,__proto__', why: 7, kind: 'SMS', range: 'ever', d: '' }),
  ).toEqual({ kind: 'sms' });
  expect(readDeliveriesSearch({ range: '7d' })).toEqual({});
  expect(readDeliveriesSearch({ after: 'a', before: 'b' })).toEqual({ after: 'a' });
});

test('the server is asked for what the address says, within a week unless it says more', () => {
  expect(deliveriesVariables({ st: 'rejected', why: 'signature' }, company)).toEqual({
    company: 'Company:1',
    filter: {
      outcome: { in: ['REJECTED'] },
      reason: { in: ['SIGNATURE'] },
      receivedAt: { gte: '-P7D' },
    },
    first: 50,
    after: undefined,
  });
  expect(deliveriesVariables({ range: '90d', before: 'x' }, company)).toMatchObject({
    filter: { receivedAt: { gte: '-P90D' } },
    last: 50,
    before: 'x',
  });
});

test('the numbers cover the same time as the list', () => {
  const now = new Date('2026-03-10T12:34:56.789Z');
  expect(numbersRange({}, company.timeZone, now)).toEqual({ since: '2026-03-03T12:34:00.000Z' });
  expect(numbersRange({ from: '2026-03-08', to: '2026-03-08' }, company.timeZone, now)).toEqual({
    since: '2026-03-08T05:00:00.000Z',
    until: '2026-03-09T04:00:00.000Z',
  });
});

test('another filter starts at the first page with nothing open', () => {
  expect(changeFilter({ st: 'rejected', after: 'x', d: 'Delivery:1' }, { kind: 'sms' })).toEqual({
    st: 'rejected',
    kind: 'sms',
  });
  expect(hasFilter({ d: 'Delivery:1', after: 'x' })).toBe(false);
  expect(canBeLive({ d: 'Delivery:1' })).toBe(true);
  expect(canBeLive({ after: 'x' })).toBe(false);
});
