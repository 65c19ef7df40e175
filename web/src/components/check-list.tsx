import { Checkbox, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import * as words from '~/words/filters';
import classes from './check-list.module.css';

export interface CountedOption {
  value: string;
  label: string;
  /** What kind of thing it is, where the label alone does not say. */
  hint?: string;
  /** How many rows it would leave, in words; absent while unknown. */
  count?: string;
  /** It would leave nothing. */
  none?: boolean;
}

interface CheckListProps {
  label: string;
  options: CountedOption[];
  chosen: string[];
  onChange: (values: string[]) => void;
}

export function CheckList({ label, options, chosen, onChange }: CheckListProps) {
  // A box is ticked at once. The address, which decides, follows when its page is ready.
  const decided = chosen.join(' ');
  const [shown, setShown] = useState({ decided, values: chosen });
  if (shown.decided !== decided) setShown({ decided, values: chosen });
  const choose = (values: string[]) => {
    setShown({ decided, values });
    onChange(values);
  };
  return (
    <Checkbox.Group value={shown.values} onChange={choose} aria-label={label}>
      <Options control={Checkbox} options={options} />
    </Checkbox.Group>
  );
}

const ANY = '';

interface ChoiceListProps extends Omit<CheckListProps, 'chosen' | 'onChange'> {
  chosen: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** For values that exclude each other. */
export function ChoiceList({ label, options, chosen, onChange }: ChoiceListProps) {
  return (
    <Radio.Group
      value={chosen ?? ANY}
      onChange={(value) => onChange(value === ANY ? undefined : value)}
      aria-label={label}
    >
      <Options control={Radio} options={[{ value: ANY, label: words.any }, ...options]} />
    </Radio.Group>
  );
}

/** The counts stand in a column of their own. */
const WIDE_LABEL = { labelWrapper: { flex: 1, minWidth: 0 }, label: { display: 'block' } };

interface OptionsProps {
  control: typeof Checkbox | typeof Radio;
  options: CountedOption[];
}

function Options({ control: Control, options }: OptionsProps) {
  return (
    <Stack gap={9} miw={170}>
      {options.map((option) => (
        <Control
          key={option.value}
          size="sm"
          value={option.value}
          label={<Option {...option} />}
          styles={WIDE_LABEL}
        />
      ))}
    </Stack>
  );
}

function Option({ label, hint, count, none }: CountedOption) {
  return (
    <span className={classes.option} data-none={none || undefined}>
      <bdi className={classes.label}>
        {label}
        {hint && ' '}
        {hint && <span className={classes.hint}>{hint}</span>}
      </bdi>{' '}
      <span className={classes.count}>{count}</span>
    </span>
  );
}
