import { expect, test } from 'vitest';
import { suggest } from './completion';

/** `|` is the cursor. */
function names(marked: string): string[] {
  const position = marked.indexOf('|');
  const text = marked.replace('|', '');
  return (suggest(text, position)?.options ?? []).map(({ name }) => name);
}

test('an empty document begins with an operation', () => {
  expect(names('|')).toEqual(['query', 'mutation', 'fragment']);
});

test('fields are those of the type that the cursor is in', () => {
  expect(names('{ | }')).toContain('viewer');
  expect(names('{ viewer { | } }')).toEqual([
    'barredCompanies',
    'companies',
    'isBySingleSignOn',
    'secondFactor',
    'sessions',
    'user',
    '__typename',
  ]);
  expect(names('{ company { calls(first: 2) { nodes { contact { | } } } } }')).toContain('email');
  expect(names('mutation { | }')).toContain('sendTestCall');
  expect(names('{ viewer { user { id } | } }')).toContain('companies');
});

test('an alias, a fragment and an inline fragment lead to the right type', () => {
  expect(names('{ mine: company { | } }')).toContain('calls');
  expect(names('fragment Row on Call { | }')).toContain('outcome');
  expect(names('{ node(id: "1") { ... on Delivery { | } } }')).toContain('explanation');
  expect(names('{ company { ...| } } fragment Row on Company { id }')).toEqual(['on', 'Row']);
  expect(names('fragment Row on |')).toContain('CallConnection');
});

test('arguments, the fields of inputs, and values by their type', () => {
  expect(names('{ company { calls(|) } }')).toEqual(
    expect.arrayContaining(['first', 'query', 'filter', 'orderBy']),
  );
  expect(names('{ company { calls(orderBy: |) } }')).toEqual(['STARTED_ASC', 'STARTED_DESC']);
  expect(names('{ company { calls(filter: { | }) } }')).toContain('outcome');
  expect(names('{ company { calls(filter: { outcome: { in: [|] } }) } }')).toContain('MISSED');
  expect(names('{ company { calls(filter: { hasVoicemail: |}) } }')).toEqual(['true', 'false']);
  expect(names('{ company { calls(filter: { outcome: { eq: MISSED } }, |) } }')).toContain('first');
});

test('variables are offered by name, and their types where they are declared', () => {
  expect(names('query Q($text: |) { viewer { user { id } } }')).toContain('String');
  expect(names('query Q($text: |) { viewer { user { id } } }')).not.toContain('Call');
  expect(names('query Q($text: String) { company { calls(query: |) { nodes { id } } } }')).toEqual([
    '$text',
  ]);
  expect(names('query Q($text: String) { company { calls(query: $t|) } }')).toContain('$text');
});

test('a word that has begun is replaced, and texts and comments are left alone', () => {
  expect(suggest('{ vie }', 5)?.from).toBe(2);
  expect(names('{ company { calls(query: "sta|") } }')).toEqual([]);
  expect(names('# vie|')).toEqual([]);
});
