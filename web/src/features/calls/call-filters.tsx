import { FilterBar } from '~/components/filter-bar';
import { RangeFilter } from '~/components/range-filter';
import { NO_RANGE } from '~/lib/time-range';
import { FacetFilter } from './facet-filter';
import {
  DIRECTION_OPTIONS,
  OUTCOME_OPTIONS,
  STATE_OPTIONS,
  YES_OR_NO_OPTIONS,
} from './filter-words';
import { type CallsSearch, hasFilter } from './search-params';
import type { Names } from './use-facet';

interface CallFiltersProps {
  search: CallsSearch;
  names: Names;
  onChange: (part: CallsSearch) => void;
}

const NO_FILTER: CallsSearch = {
  q: undefined,
  dir: undefined,
  outcome: undefined,
  state: undefined,
  who: undefined,
  tgt: undefined,
  rec: undefined,
  vm: undefined,
  ...NO_RANGE,
};

export function CallFilters({ search, names, onChange }: CallFiltersProps) {
  const all = { search, names, onChange };
  return (
    <FilterBar onClear={hasFilter(search) ? () => onChange(NO_FILTER) : null}>
      <FacetFilter label="Direction" facet="direction" options={DIRECTION_OPTIONS} {...all} />
      <FacetFilter label="Outcome" facet="outcome" options={OUTCOME_OPTIONS} {...all} />
      <FacetFilter label="State" facet="state" options={STATE_OPTIONS} {...all} />
      <FacetFilter label="Person" facet="person" {...all} />
      <FacetFilter label="Group" facet="group" {...all} />
      <FacetFilter label="Recorded" facet="recorded" options={YES_OR_NO_OPTIONS} single {...all} />
      <FacetFilter
        label="Voicemail"
        facet="voicemail"
        options={YES_OR_NO_OPTIONS}
        single
        {...all}
      />
      <RangeFilter range={search} onChange={onChange} />
    </FilterBar>
  );
}
