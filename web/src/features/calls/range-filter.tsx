import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useCompany } from '~/lib/company';
import { isDay } from '~/lib/time';
import { FilterChip } from './filter-chip';
import { RANGE_WORDS, rangeLabel } from './filter-words';
import { type CallsSearch, RANGES, type Range } from './search-params';

interface RangeFilterProps {
  search: CallsSearch;
  onChange: (part: CallsSearch) => void;
}

const NO_RANGE = { range: undefined, from: undefined, to: undefined };

export function RangeFilter({ search, onChange }: RangeFilterProps) {
  const { timeZone } = useCompany();
  return (
    <FilterChip label="Date" value={rangeLabel(search)} onClear={() => onChange(NO_RANGE)}>
      {(close) => (
        <Stack gap="sm" w={264}>
          <Group gap={6}>
            {(Object.keys(RANGES) as Range[]).map((range) => (
              <Button
                key={range}
                size="compact-xs"
                variant={search.range === range ? 'filled' : 'default'}
                aria-pressed={search.range === range}
                onClick={() => {
                  onChange({ ...NO_RANGE, range });
                  close();
                }}
              >
                {RANGE_WORDS[range]}
              </Button>
            ))}
          </Group>
          <Days search={search} onChange={onChange} />
          <span style={{ fontSize: 12, color: 'var(--mantine-color-dimmed)' }}>
            Days begin at midnight in {timeZone}.
          </span>
        </Stack>
      )}
    </FilterChip>
  );
}

function Days({ search, onChange }: RangeFilterProps) {
  const change = (part: Pick<CallsSearch, 'from' | 'to'>) => {
    const { from, to } = { from: search.from, to: search.to, ...part };
    onChange({ range: undefined, from, to });
  };
  return (
    <Group grow gap="xs">
      <DayInput label="From" value={search.from} onPick={(from) => change({ from })} />
      <DayInput label="To" value={search.to} onPick={(to) => change({ to })} />
    </Group>
  );
}

interface DayInputProps {
  label: string;
  value: string | undefined;
  onPick: (day: string | undefined) => void;
}

/** While a year is typed the field passes through years such as 0020, which nobody means. */
function DayInput({ label, value, onPick }: DayInputProps) {
  return (
    <TextInput
      type="date"
      label={label}
      size="xs"
      defaultValue={value ?? ''}
      onChange={(event) => {
        const day = event.currentTarget.value;
        if (day === '') onPick(undefined);
        else if (isDay(day)) onPick(day);
      }}
    />
  );
}
