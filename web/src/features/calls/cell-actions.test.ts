import { expect, test } from 'vitest';
import { makeCall } from '~/testing/api';
import { actionsFor, type CellAction } from './cell-actions';
import type { Column } from './columns';
import type { CallRow } from './use-calls';

const PLACE = { search: { dir: 'inbound', after: 'cursor' }, timeZone: 'America/New_York' };

function actions(column: Column | null, changes: Record<string, unknown> = {}) {
  const call = makeCall('1', changes) as unknown as CallRow;
  return Object.fromEntries(
    actionsFor(call, column, PLACE)
      .flatMap((group) => group.actions)
      .map((action: CellAction) => [action.title, 'show' in action ? action.show : action.copy]),
  );
}

test('an outcome is chosen in its filter and left out in the search, from the first page on', () => {
  expect(actions('outcome', { outcome: 'MISSED' })).toEqual({
    'Only this': { dir: 'inbound', outcome: 'missed' },
    'All but this': { dir: 'inbound', q: '-outcome:missed' },
  });
});

test('a number leads to all its calls, whatever else was asked for', () => {
  const found = actions('customer');
  expect(found['All calls with this number']).toEqual({ q: 'number:+12065550142' });
  expect(found['Copy number']).toBe('+12065550142');
  expect(found['Only this']).toEqual({ dir: 'inbound', q: 'contact:"Customer 1"' });
});

test('a quotation mark in a name does not end it, and a word for a number is none', () => {
  const found = actions('customer', {
    contact: { name: 'The "Best" Ltd' },
    externalNumber: { raw: 'blocked', e164: null, national: null, country: null },
  });
  expect(found['All but this']).toEqual({ dir: 'inbound', q: '-contact:"The  Best  Ltd"' });
  expect(found['All calls with this number']).toBeUndefined();
});

test('a person is chosen by id where there is one', () => {
  expect(actions('person')['Only this']).toEqual({ dir: 'inbound', q: 'person:"Grace Example"' });
  const known = actions('person', { target: { type: 'user', name: 'Grace Example', id: '7' } });
  expect(known['Only this']).toEqual({ dir: 'inbound', who: '7' });
});

test('other cells speak of the call, and a row of everything', () => {
  expect(actions('duration')).toEqual({
    'Only this day': { dir: 'inbound', from: '2026-03-08', to: '2026-03-08' },
    'Copy call id': '1',
  });
  expect(Object.keys(actions(null))).toEqual(
    expect.arrayContaining(['Copy number', 'Copy name', 'Copy call id', 'Only this']),
  );
});
