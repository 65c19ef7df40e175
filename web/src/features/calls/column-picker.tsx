import { ActionIcon, Button, Popover, Stack } from '@mantine/core';
import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { CheckList } from '~/components/check-filter';
import classes from './calls-page.module.css';
import { COLUMNS, type Column, STANDARD_COLUMNS } from './columns';

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
          aria-label="Columns"
          title="Columns"
          onClick={() => setOpened(!opened)}
        >
          <Columns3 size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label="Columns">
        <Stack gap="sm">
          <CheckList label="Columns" options={OPTIONS} chosen={[...columns]} onChange={onChoose} />
          {!standard && (
            <Button size="compact-sm" variant="default" onClick={() => onChoose(STANDARD_COLUMNS)}>
              As they were
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
