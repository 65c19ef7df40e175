import { CheckFilter } from '~/components/check-filter';
import { FilterBar } from '~/components/filter-bar';
import { RangeFilter } from '~/components/range-filter';
import { joinList, listOf } from '~/lib/search-lists';
import { NO_RANGE } from '~/lib/time-range';
import { OUTCOME_OPTIONS, STATE_OPTIONS } from './filter-words';
import { type CallsSearch, hasFilter } from './search-params';

interface CallFiltersProps {
  search: CallsSearch;
  onChange: (part: CallsSearch) => void;
}

const DIRECTION_OPTIONS = [
  { value: 'inbound', label: 'Inbound' },
  { value: 'outbound', label: 'Outbound' },
];

const NO_FILTER: CallsSearch = {
  q: undefined,
  dir: undefined,
  outcome: undefined,
  state: undefined,
  ...NO_RANGE,
};

export function CallFilters({ search, onChange }: CallFiltersProps) {
  return (
    <FilterBar onClear={hasFilter(search) ? () => onChange(NO_FILTER) : null}>
      <CheckFilter
        label="Direction"
        options={DIRECTION_OPTIONS}
        chosen={listOf(search.dir)}
        onChange={(values) => onChange({ dir: joinList(values) })}
      />
      <CheckFilter
        label="Outcome"
        options={OUTCOME_OPTIONS}
        chosen={listOf(search.outcome)}
        onChange={(values) => onChange({ outcome: joinList(values) })}
      />
      <CheckFilter
        label="State"
        options={STATE_OPTIONS}
        chosen={listOf(search.state)}
        onChange={(values) => onChange({ state: joinList(values) })}
      />
      <RangeFilter range={search} onChange={onChange} />
    </FilterBar>
  );
}
