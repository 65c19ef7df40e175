import { ActionIcon, Button, Popover, Stack } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import * as words from '~/words/calls';
import classes from './calls-page.module.css';
import { COLUMNS, type Column, STANDARD_COLUMNS } from './columns';

// Loaded when it is opened.
const CheckList = lazy(async () => ({
  default: (await import('~/components/check-list')).CheckList,
}));

const OPTIONS = Object.entries(COLUMNS).map(([value, label]) => ({ value, label }));

interface ColumnPickerProps {
  columns: readonly Column[];
  onChoose: (columns: readonly string[]) => void;
}

export function ColumnPicker({ columns, onChoose }: ColumnPickerProps) {
  const [opened, setOpened] = useState(false);
  const standard = columns.join() === STANDARD_COLUMNS.join();
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.columns}
          aria-label={words.columns}
          title={words.columns}
          onClick={() => setOpened(!opened)}
        >
          <Columns3 size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Suspense fallback={null}>
        <Popover.Dropdown p="sm" aria-label={words.columns}>
          <Stack gap="sm">
            <CheckList
              label={words.columns}
              options={OPTIONS}
              chosen={[...columns]}
              onChange={onChoose}
            />
            {!standard && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => onChoose(STANDARD_COLUMNS)}
              >
                {words.asTheyWere}
              </Button>
            )}
          </Stack>
        </Popover.Dropdown>
      </Suspense>
    </Popover>
  );
}
