import { expect, test } from 'vitest';
import * as words from '~/words/audit';
import {
  AUDIT_ACTIONS,
  auditFilter,
  exportAddress,
  hasAuditFilter,
  readAuditSearch,
} from './audit-search';

const NOW = new Date('2026-03-08T14:00:00Z');

test('an address is read, and what it cannot mean is dropped', () => {
  const read = readAuditSearch({ who: 'a@example.com', what: 'keys,nothing,PEOPLE', from: 'x' });
  expect(read).toEqual({ who: 'a@example.com', what: 'people,keys' });
  expect(hasAuditFilter(read)).toBe(true);
  expect(readAuditSearch({ who: 7, what: 'nothing' })).toEqual({});
  expect(hasAuditFilter({})).toBe(false);
});

test('it becomes a filter of whole days, or of the time that has passed', () => {
  const days = { from: '2026-03-01', to: '2026-03-02', what: 'views' };
  expect(auditFilter(days, 'America/New_York', NOW)).toEqual({
    actor: undefined,
    actions: ['SHARED_VIEW_KEPT', 'SHARED_VIEW_REMOVED'],
    since: '2026-03-01T05:00:00.000Z',
    until: '2026-03-03T05:00:00.000Z',
  });
  expect(auditFilter({ range: '24h' }, 'UTC', NOW).since).toBe('2026-03-07T14:00:00.000Z');
  expect(auditFilter({}, 'UTC', NOW).actions).toBeUndefined();
});

test('the file is of the same filter', () => {
  const filter = auditFilter({ who: 'a+b@example.com', what: 'views' }, 'UTC', NOW);
  const address = new URL(exportAddress('Company:1', filter), 'https://example.com');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    company: 'Company:1',
    actor: 'a+b@example.com',
    actions: 'SHARED_VIEW_KEPT,SHARED_VIEW_REMOVED',
  });
});

test('every action that has a sentence is of one kind, and every kind has a name', () => {
  const all = Object.values(AUDIT_ACTIONS).flat().sort();
  expect(all).toEqual(Object.keys(words.AUDIT_SENTENCES).sort());
  expect(Object.keys(AUDIT_ACTIONS)).toEqual(Object.keys(words.AUDIT_SUBJECTS));
});
