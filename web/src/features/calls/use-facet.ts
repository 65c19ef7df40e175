import { useState } from 'react';
import { useQuery } from 'urql';
import { CallFacetsDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { listOf } from '~/lib/search-lists';
import { type FACET_PARAM, type FacetValue, facetValues, facetVariables } from './facets';
import type { CallsSearch } from './search-params';

export function useFacet(
  search: CallsSearch,
  facet: keyof typeof FACET_PARAM,
  { pause = false, fresh = true } = {},
) {
  const company = useCompany();
  const [{ data, error, fetching }] = useQuery({
    query: CallFacetsDocument,
    variables: facetVariables(search, company, facet),
    requestPolicy: fresh ? 'cache-and-network' : 'cache-first',
    pause,
  });
  const facets = data?.company?.callFacets;
  // The answer may still be about another facet.
  const values = facets?.[facet] ? facetValues(facets, facet) : null;
  return { values, error, fetching };
}

/** The names of people and groups by what stands for them in the address. */
export type Names = ReadonlyMap<string, string>;

/**
 * An address names people by their ids. Whoever was chosen from a list is known from there; a link
 * from elsewhere needs one question.
 */
export function useNames(search: CallsSearch): Names {
  const [names, setNames] = useState<Names>(new Map());
  const lacks = (joined: string | undefined) => listOf(joined).some((id) => !names.has(id));
  const people = useFacet(search, 'person', { pause: !lacks(search.who), fresh: false });
  const groups = useFacet(search, 'group', { pause: !lacks(search.tgt), fresh: false });
  const found = [...(people.values ?? []), ...(groups.values ?? [])].filter(
    ({ value, label }) => label !== undefined && !names.has(value),
  );
  if (found.length > 0) setNames(new Map([...names, ...found.map(nameOf)]));
  return names;
}

const nameOf = ({ value, label = value }: FacetValue): [string, string] => [value, label];
