import { CheckList } from './check-list';
import { chosenWords, FilterChip } from './filter-chip';

interface CheckFilterProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string[];
  onChange: (values: string[]) => void;
}

export function CheckFilter({ label, options, chosen, onChange }: CheckFilterProps) {
  const words = options.filter(({ value }) => chosen.includes(value)).map((option) => option.label);
  return (
    <FilterChip label={label} value={chosenWords(words)} onClear={() => onChange([])}>
      {() => <CheckList {...{ label, options, chosen, onChange }} />}
    </FilterChip>
  );
}
