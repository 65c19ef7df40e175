// The legs of a conversation as people tell it: who was called, who picked up, who did not.
import type { CallOutcome } from '~/gql/documents';
import * as words from '~/words/conversations';
import { partyType } from './call-words';

export interface LegOutline {
  depth: number;
  outcome: CallOutcome;
  target: { type: string; name: string | null } | null;
}

export interface LegNode<Leg> {
  leg: Leg;
  under: LegNode<Leg>[];
}

/** Legs come in the order of their tree, each with how many are above it. */
export function legTree<Leg extends { depth: number }>(legs: readonly Leg[]): LegNode<Leg>[] {
  const roots: LegNode<Leg>[] = [];
  const path: LegNode<Leg>[] = [];
  for (const leg of legs) {
    const node = { leg, under: [] };
    while ((path.at(-1)?.leg.depth ?? -1) >= leg.depth) path.pop();
    (path.at(-1)?.under ?? roots).push(node);
    path.push(node);
  }
  return roots;
}

/** Who of the company it was with, in a name and a line below it. */
export function whoOf(legs: readonly LegOutline[]): { name: string | null; under: string | null } {
  const people = legs.filter(({ target }) => target !== null && isPerson(target));
  const answered = people.find(({ outcome }) => outcome === 'ANSWERED');
  const first = legs[0]?.target ?? null;
  const way = first && !isPerson(first) ? first.name : null;
  if (answered) return { name: answered.target?.name ?? null, under: way && words.through(way) };
  if (way !== null && people.length > 0) {
    return { name: way, under: words.peopleRang(people.length) };
  }
  return { name: first?.name ?? null, under: way && first ? partyType(first.type) : null };
}

export function isPerson({ type }: { type: string }): boolean {
  return type.toLowerCase() === 'user';
}
