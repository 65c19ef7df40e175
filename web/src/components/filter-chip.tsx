import { Popover } from '@mantine/core';
import { ChevronDown, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import classes from './filter-bar.module.css';

interface FilterChipProps {
  label: string;
  /** What is chosen, in words; `null` while the filter is off. */
  value: string | null;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}

/** A filter is one chip: it opens its choices, shows what is chosen, and can be removed. */
export function FilterChip({ label, value, onClear, children }: FilterChipProps) {
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
            onClick={() => setOpened(!opened)}
          >
            <span className={classes.chipText}>
              {label}
              {value !== null && <>: {value}</>}
            </span>
            {value === null && <ChevronDown size={14} aria-hidden />}
          </button>
        </Popover.Target>
        <Popover.Dropdown p="sm" aria-label={label}>
          {children(() => setOpened(false))}
        </Popover.Dropdown>
      </Popover>
      {value !== null && (
        <button
          type="button"
          className={classes.remove}
          onClick={clear}
          aria-label={`Remove ${label}`}
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}
