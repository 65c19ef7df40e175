import { CheckFilter } from '~/components/check-filter';
import { FilterBar } from '~/components/filter-bar';
import { RangeFilter } from '~/components/range-filter';
import { joinList, listOf } from '~/lib/search-lists';
import { NO_RANGE } from '~/lib/time-range';
import * as words from '~/words/deliveries';
import { KIND_OPTIONS, OUTCOME_OPTIONS, REASON_OPTIONS } from './filter-words';
import { type DeliveriesSearch, hasFilter, STANDARD_RANGE } from './search-params';

interface DeliveryFiltersProps {
  search: DeliveriesSearch;
  onChange: (part: DeliveriesSearch) => void;
}

const NO_FILTER: DeliveriesSearch = {
  st: undefined,
  why: undefined,
  kind: undefined,
  ...NO_RANGE,
};

export function DeliveryFilters({ search, onChange }: DeliveryFiltersProps) {
  return (
    <FilterBar onClear={hasFilter(search) ? () => onChange(NO_FILTER) : null}>
      <CheckFilter
        label={words.outcome}
        options={OUTCOME_OPTIONS}
        chosen={listOf(search.st)}
        onChange={(values) => onChange({ st: joinList(values) })}
      />
      <CheckFilter
        label={words.reason}
        options={REASON_OPTIONS}
        chosen={listOf(search.why)}
        onChange={(values) => onChange({ why: joinList(values) })}
      />
      <CheckFilter
        label={words.what}
        options={KIND_OPTIONS}
        chosen={listOf(search.kind)}
        onChange={(values) => onChange({ kind: joinList(values) })}
      />
      <RangeFilter range={search} standard={STANDARD_RANGE} onChange={onChange} />
    </FilterBar>
  );
}
