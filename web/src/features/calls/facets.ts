// How many calls each value of a filter would leave, for the question that is asked otherwise.
import type { CallFacetsQuery, CallFacetsQueryVariables, CountFragment } from '~/gql/documents';
import * as words from '~/words/calls';
import { number } from '~/words/language';
import { partyType } from './call-words';
import { type CallsSearch, questionOf } from './search-params';

export type Facets = NonNullable<CallFacetsQuery['company']>['callFacets'];
export type Count = CountFragment;

export const FACETS = [
  'direction',
  'outcome',
  'state',
  'person',
  'group',
  'recorded',
  'voicemail',
] as const;
export type Facet = (typeof FACETS)[number];

/** The part of the address that a facet filters by. */
export const FACET_PARAM = {
  direction: 'dir',
  outcome: 'outcome',
  state: 'state',
  person: 'who',
  group: 'tgt',
  recorded: 'rec',
  voicemail: 'vm',
} as const satisfies Record<Facet, keyof CallsSearch>;

export const FACET_LABEL: Record<Facet, string> = {
  direction: words.direction,
  outcome: words.outcome,
  state: words.state,
  person: words.person,
  group: words.group,
  recorded: words.recorded,
  voicemail: words.voicemail,
};

const VALUES_MAX = 50;

export interface FacetValue {
  /** As in the address. */
  value: string;
  /** What only the server knows: the name of a person or group, and what it is. */
  label?: string;
  hint?: string;
  count: Count;
}

export function facetValues(facets: Facets, facet: Facet): FacetValue[] {
  switch (facet) {
    case 'person':
      return (facets.person ?? []).flatMap(({ party, count }) => {
        const value = party.id ?? party.email;
        // Without either there is nothing to ask for, and a comma would make two of it.
        if (!value || value.includes(',')) return [];
        const hint = party.type === 'user' ? undefined : partyType(party.type);
        return { value, label: party.name ?? party.email ?? value, hint, count };
      });
    case 'group':
      return (facets.group ?? []).map(({ groupId, name, count }) => {
        const type = partyType(groupId.split(':')[0] ?? '');
        return { value: groupId, label: name ?? groupId, hint: name ? type : undefined, count };
      });
    case 'recorded':
    case 'voicemail':
      return (facets[facet] ?? []).map(({ value, count }) => ({ value: value ? '1' : '0', count }));
    default:
      return (facets[facet] ?? []).map(({ value, count }) => ({
        value: value.toLowerCase(),
        count,
      }));
  }
}

/** The filter's own condition is left out: its other values are what there is to choose from. */
export function facetVariables(
  search: CallsSearch,
  company: { id: string; timeZone: string },
  facet: Facet,
): CallFacetsQueryVariables {
  const wanted = Object.fromEntries(FACETS.map((each) => [each, each === facet])) as Record<
    Facet,
    boolean
  >;
  const others = { ...search, [FACET_PARAM[facet]]: undefined };
  return { ...questionOf(others, company), values: VALUES_MAX, ...wanted };
}

export function countText({ value, exact }: Count): string {
  return `${number(value)}${exact ? '' : '+'}`;
}

/**
 * What stands beside a value. One that the server leaves out has no calls, unless counting stopped
 * early or the list of values is cut.
 */
export function countOf(values: FacetValue[], value: string): Count | null {
  const found = values.find((each) => each.value === value);
  if (found) return found.count;
  const complete = values.length < VALUES_MAX && values.every(({ count }) => count.exact);
  return complete ? { value: 0, exact: true } : null;
}
