import { FilterBar } from '~/components/filter-bar';
import { RangeFilter } from '~/components/range-filter';
import { FacetFilter } from './facet-filter';
import {
  DIRECTION_OPTIONS,
  OUTCOME_OPTIONS,
  STATE_OPTIONS,
  YES_OR_NO_OPTIONS,
} from './filter-words';
import { type CallsSearch, hasFilter, NO_FILTER } from './search-params';
import type { Names } from './use-facet';

interface CallFiltersProps {
  search: CallsSearch;
  names: Names;
  onChange: (part: CallsSearch) => void;
}

export function CallFilters({ search, names, onChange }: CallFiltersProps) {
  const all = { search, names, onChange };
  return (
    <FilterBar onClear={hasFilter(search) ? () => onChange(NO_FILTER) : null}>
      <FacetFilter facet="direction" options={DIRECTION_OPTIONS} {...all} />
      <FacetFilter facet="outcome" options={OUTCOME_OPTIONS} {...all} />
      <FacetFilter facet="state" options={STATE_OPTIONS} {...all} />
      <FacetFilter facet="person" {...all} />
      <FacetFilter facet="group" {...all} />
      <FacetFilter facet="recorded" options={YES_OR_NO_OPTIONS} single {...all} />
      <FacetFilter facet="voicemail" options={YES_OR_NO_OPTIONS} single {...all} />
      <RangeFilter range={search} onChange={onChange} />
    </FilterBar>
  );
}
