import { Popover } from '@mantine/core';
import { ChevronDown, X } from 'lucide-react';
import { type ReactNode, Suspense, useRef, useState } from 'react';
import * as words from '~/words/filters';
import classes from './filter-bar.module.css';

/** The attribute by which the keyboard finds the button of a filter. */
const FILTER_BUTTON = 'data-filter';

/** As if its chip had been pressed. */
export function openFilter(name: string): void {
  const selector = `[${FILTER_BUTTON}="${CSS.escape(name)}"]`;
  document.querySelector<HTMLElement>(selector)?.click();
}

/** What is chosen, as long as it is short enough to read. */
export function chosenWords(labels: string[]): string | null {
  if (labels.length === 0) return null;
  return labels.length > 2 ? words.chosenCount(labels.length) : labels.join(', ');
}

interface FilterChipProps {
  /** What the keyboard finds it by, when that is not its label. */
  name?: string;
  label: string;
  /** What is chosen, in words; `null` while the filter is off. */
  value: string | null;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}

/** A filter is one chip: it opens its choices, shows what is chosen, and can be removed. */
export function FilterChip({ label, name = label, ...props }: FilterChipProps) {
  const { value, onClear, children } = props;
  const [opened, setOpened] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const clear = () => {
    onClear();
    // The button that was pressed goes away; the focus stays with its filter.
    opener.current?.focus();
  };
  return (
    <span className={classes.chip} data-active={value !== null || undefined}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <button
            ref={opener}
            type="button"
            className={classes.open}
            {...{ [FILTER_BUTTON]: name }}
            onClick={() => setOpened(!opened)}
          >
            <span className={classes.chipText}>
              {label}
              {value !== null && <>: {value}</>}
            </span>
            {value === null && <ChevronDown size={14} aria-hidden />}
          </button>
        </Popover.Target>
        {/* Around all of it: the focus can only go in when the choices are there. */}
        <Suspense fallback={null}>
          <Popover.Dropdown p="sm" aria-label={label}>
            {children(() => setOpened(false))}
          </Popover.Dropdown>
        </Suspense>
      </Popover>
      {value !== null && (
        <button
          type="button"
          className={classes.remove}
          onClick={clear}
          aria-label={words.remove(label)}
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}
