import { expect, test } from 'vitest';
import { operationAt, operationsOf } from './operations';

test('operations are found wherever they stand, and nothing else is taken for one', () => {
  expect(operationsOf('{ viewer { user { id } } }')).toEqual([
    { kind: 'query', name: null, start: 0 },
  ]);
  const text = '# mutation\nquery A { mutation { query } }\nmutation B($query: ID) { x }\n';
  expect(operationsOf(text).map(({ kind, name }) => [kind, name])).toEqual([
    ['query', 'A'],
    ['mutation', 'B'],
  ]);
  expect(operationsOf('fragment F on Call { id } query { x }')).toHaveLength(1);
  expect(operationsOf('mutation{x}').map(({ kind }) => kind)).toEqual(['mutation']);
  expect(operationsOf('')).toEqual([]);
});

test('the one in which the cursor stands is run', () => {
  const text = 'query A { x }\nquery B { y }';
  const operations = operationsOf(text);
  expect(operationAt(operations, 3)?.name).toBe('A');
  expect(operationAt(operations, text.length)?.name).toBe('B');
  expect(operationAt([], 0)).toBeNull();
});
