import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import * as words from '~/words/filters';
import classes from './filter-bar.module.css';

interface FilterBarProps {
  /** `null` while no filter is set. */
  onClear: (() => void) | null;
  children: ReactNode;
}

export function FilterBar({ onClear, children }: FilterBarProps) {
  return (
    <section className={classes.bar} aria-label={words.filters}>
      {children}
      {onClear && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          c="dimmed"
          fw={500}
          onClick={onClear}
        >
          {words.clearAll}
        </Button>
      )}
    </section>
  );
}
