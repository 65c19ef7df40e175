import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useCompany } from '~/lib/company';
import { isDay } from '~/lib/time';
import {
  firstDay,
  lastDay,
  NO_RANGE,
  RANGE_WORDS,
  RANGES,
  type Range,
  rangeLabel,
  type TimeRange,
} from '~/lib/time-range';
import * as words from '~/words/filters';
import { FilterChip } from './filter-chip';
import classes from './range-filter.module.css';

/** Its name for the keyboard, whatever its chip says. */
export const RANGE_FILTER = words.date;

interface RangeFilterProps {
  range: TimeRange;
  /** What the list shows without a choice; without this it shows all there is. */
  standard?: Range;
  onChange: (range: TimeRange) => void;
}

export function RangeFilter({ range, standard, onChange }: RangeFilterProps) {
  const { timeZone } = useCompany();
  const chosen = rangeLabel(range, timeZone);
  const shown = chosen === null ? standard : range.range;
  return (
    <FilterChip
      name={RANGE_FILTER}
      label={chosen === null && standard ? RANGE_WORDS[standard] : RANGE_FILTER}
      value={chosen}
      onClear={() => onChange(NO_RANGE)}
    >
      {(close) => (
        <Stack gap="sm" w={264}>
          <Group gap={6}>
            {(Object.keys(RANGES) as Range[]).map((each) => (
              <Button
                key={each}
                size="compact-xs"
                variant={shown === each ? 'filled' : 'default'}
                aria-pressed={shown === each}
                onClick={() => {
                  onChange({ ...NO_RANGE, range: each === standard ? undefined : each });
                  close();
                }}
              >
                {RANGE_WORDS[each]}
              </Button>
            ))}
          </Group>
          <Days range={range} onChange={onChange} />
          <span className={classes.zone}>{words.daysBeginAt(timeZone)}</span>
        </Stack>
      )}
    </FilterChip>
  );
}

function Days({ range, onChange }: RangeFilterProps) {
  const { timeZone } = useCompany();
  // A range of minutes becomes one of days as soon as one of its ends is chosen as a day.
  const days = {
    from: range.from && firstDay(range.from, timeZone),
    to: range.to && lastDay(range.to, timeZone),
  };
  const change = (part: Pick<TimeRange, 'from' | 'to'>) =>
    onChange({ range: undefined, ...days, ...part });
  return (
    <Group grow gap="xs">
      <DayInput label={words.from} value={days.from} onPick={(from) => change({ from })} />
      <DayInput label={words.to} value={days.to} onPick={(to) => change({ to })} />
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
