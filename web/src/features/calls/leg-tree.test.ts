import { expect, test } from 'vitest';
import type { CallOutcome } from '~/gql/documents';
import { legTree, whoOf } from './leg-tree';

const leg = (depth: number, outcome: CallOutcome, name: string, type = 'user') => ({
  depth,
  outcome,
  target: { type, name },
});
const QUEUE = leg(0, 'ANSWERED', 'Orders', 'call_center');

test('legs hang below the leg they came of', () => {
  const legs = [
    leg(0, 'ABANDONED', 'Main office', 'office'),
    leg(1, 'ANSWERED', 'Orders', 'call_center'),
    leg(2, 'MISSED', 'Ada'),
    leg(2, 'ANSWERED', 'Grace'),
    leg(1, 'MISSED', 'Boris'),
    leg(0, 'MISSED', 'Clara'),
  ];
  const names = (nodes: ReturnType<typeof legTree<(typeof legs)[number]>>): unknown[] =>
    nodes.map((node) => [node.leg.target.name, ...names(node.under)]);
  expect(names(legTree(legs))).toEqual([
    ['Main office', ['Orders', ['Ada'], ['Grace']], ['Boris']],
    ['Clara'],
  ]);
});

test('a leg whose parent is not among them still has its place', () => {
  expect(legTree([leg(3, 'MISSED', 'Ada'), leg(1, 'MISSED', 'Boris')])).toHaveLength(2);
  expect(legTree([])).toEqual([]);
});

test('the person who answered is named, with the way to them', () => {
  expect(whoOf([QUEUE, leg(1, 'MISSED', 'Ada'), leg(1, 'ANSWERED', 'Grace')])).toEqual({
    name: 'Grace',
    under: 'through Orders',
  });
});

test('where nobody answered, who was called and how many rang', () => {
  const missed = { ...QUEUE, outcome: 'MISSED' as const };
  const rang = [leg(1, 'MISSED', 'Ada'), leg(1, 'MISSED', 'Boris')];
  expect(whoOf([missed, ...rang])).toEqual({ name: 'Orders', under: '2 people rang' });
  expect(whoOf([missed, leg(1, 'MISSED', 'Ada')]).under).toBe('1 person rang');
  expect(whoOf([missed])).toEqual({ name: 'Orders', under: 'Call centre' });
  expect(whoOf([leg(0, 'MISSED', 'Ada')])).toEqual({ name: 'Ada', under: null });
  expect(whoOf([])).toEqual({ name: null, under: null });
});
