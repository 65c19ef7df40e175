import { lazy } from 'react';
import { chosenWords, FilterChip } from '~/components/filter-chip';
import { listOf } from '~/lib/search-lists';
import { FACET_LABEL, FACET_PARAM, type Facet } from './facets';
import type { CallsSearch } from './search-params';
import type { Names } from './use-facet';

export const loadFacetChoices = () => import('./facet-choices');
const FacetChoices = lazy(async () => ({ default: (await loadFacetChoices()).FacetChoices }));

export interface FacetFilterProps {
  facet: Facet;
  /** The values there are; without them, those that the calls have. */
  options?: { value: string; label: string; rare?: boolean }[];
  /** The values exclude each other. */
  single?: boolean;
  search: CallsSearch;
  names: Names;
  onChange: (part: CallsSearch) => void;
}

/** A filter that says beforehand how many calls each of its values would leave. */
export function FacetFilter(props: FacetFilterProps) {
  const { facet, options = [], search, names, onChange } = props;
  const label = FACET_LABEL[facet];
  const chosen = listOf(search[FACET_PARAM[facet]]);
  const labels = chosen.map(
    (value) => options.find((option) => option.value === value)?.label ?? names.get(value) ?? value,
  );
  return (
    <FilterChip
      label={label}
      value={chosenWords(labels)}
      onClear={() => onChange({ [FACET_PARAM[facet]]: undefined })}
    >
      {() => <FacetChoices {...props} chosen={chosen} />}
    </FilterChip>
  );
}
