import { Button } from '@mantine/core';
import { CheckFilter } from './check-filter';
import classes from './filter-bar.module.css';
import { OUTCOME_OPTIONS, STATE_OPTIONS } from './filter-words';
import { RangeFilter } from './range-filter';
import { type CallsSearch, hasFilter, listOf } from './search-params';

interface FilterBarProps {
  search: CallsSearch;
  onChange: (part: CallsSearch) => void;
}

const DIRECTION_OPTIONS = [
  { value: 'inbound', label: 'Inbound' },
  { value: 'outbound', label: 'Outbound' },
];

export function FilterBar({ search, onChange }: FilterBarProps) {
  const joined = (values: string[]) => (values.length === 0 ? undefined : values.join(','));
  return (
    <section className={classes.bar} aria-label="Filters">
      <CheckFilter
        label="Direction"
        options={DIRECTION_OPTIONS}
        chosen={listOf(search.dir)}
        onChange={(values) => onChange({ dir: joined(values) })}
      />
      <CheckFilter
        label="Outcome"
        options={OUTCOME_OPTIONS}
        chosen={listOf(search.outcome)}
        onChange={(values) => onChange({ outcome: joined(values) })}
      />
      <CheckFilter
        label="State"
        options={STATE_OPTIONS}
        chosen={listOf(search.state)}
        onChange={(values) => onChange({ state: joined(values) })}
      />
      <RangeFilter search={search} onChange={onChange} />
      {hasFilter(search) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          c="dimmed"
          fw={500}
          onClick={() =>
            onChange({
              q: undefined,
              dir: undefined,
              outcome: undefined,
              state: undefined,
              range: undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          Clear all
        </Button>
      )}
    </section>
  );
}
