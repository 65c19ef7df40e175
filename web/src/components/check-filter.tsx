import { Checkbox, Stack } from '@mantine/core';
import { FilterChip } from './filter-chip';

interface CheckFilterProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string[];
  onChange: (values: string[]) => void;
}

export function CheckFilter({ label, options, chosen, onChange }: CheckFilterProps) {
  const words = options.filter(({ value }) => chosen.includes(value)).map((option) => option.label);
  const value =
    words.length === 0 ? null : words.length > 2 ? `${words.length} chosen` : words.join(', ');
  return (
    <FilterChip label={label} value={value} onClear={() => onChange([])}>
      {() => (
        <Checkbox.Group value={chosen} onChange={onChange} aria-label={label}>
          <Stack gap={9} miw={150}>
            {options.map((option) => (
              <Checkbox key={option.value} size="sm" value={option.value} label={option.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </FilterChip>
  );
}
