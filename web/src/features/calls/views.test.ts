import { expect, test } from 'vitest';
import { STANDARD_COLUMNS } from './columns';
import { standardViewOf } from './standard-views';
import { isSameView, keptViews, readContent, writeContent } from './views';

test('a view keeps question, order and columns, but neither page nor open call', () => {
  const search = {
    q: 'ada',
    outcome: 'missed',
    range: '7d' as const,
    sort: 'oldest' as const,
    view: 'v1',
    after: 'cursor',
    call: '42',
  };
  const read = readContent(writeContent({ search, columns: ['customer', 'callId'] }));
  expect(read).toEqual({
    search: { q: 'ada', outcome: 'missed', range: '7d', sort: 'oldest' },
    columns: ['customer', 'callId'],
  });
});

test.each(['', 'no JSON', 'null', '[]', '{"search":7,"columns":{}}', '{"search":{"dir":"up"}}'])(
  'what no page of today wrote is a view of all calls: %s',
  (content) => {
    expect(readContent(content)).toEqual({ search: {}, columns: STANDARD_COLUMNS });
  },
);

test('the way to a view makes no difference, its question and its columns do', () => {
  const columns = STANDARD_COLUMNS;
  const kept = { search: { q: 'ada', dir: 'inbound' }, columns };
  expect(isSameView(kept, { search: { dir: 'inbound', q: 'ada', call: '1' }, columns })).toBe(true);
  expect(isSameView(kept, { search: { q: 'ada' }, columns })).toBe(false);
  expect(isSameView(kept, { ...kept, columns: ['customer'] })).toBe(false);
});

test('the standard views are known by their question alone', () => {
  expect(standardViewOf({ list: 'conversations' })).toBe('All');
  expect(standardViewOf({ outcome: 'missed', sort: 'oldest', call: '1' })).toBe('Missed');
  expect(standardViewOf({ outcome: 'missed', range: '7d' })).toBeNull();
});

test('one’s own come before those of others', () => {
  const made = { isShared: true, viewerMayChange: true, madeBy: 'a@example.com', content: '{}' };
  const views = keptViews([
    { ...made, id: '1', name: 'A', isOwn: false },
    { ...made, id: '2', name: 'B', isOwn: true },
  ]);
  expect(views.map(({ name }) => name)).toEqual(['B', 'A']);
});
