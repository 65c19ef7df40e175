import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '~/components/dialog';
import { useCompany } from '~/lib/company';
import { plural } from '~/lib/text';
import { useTimeZone } from '~/lib/time-zone';
import { byteSize } from '~/lib/units';
import classes from './export-dialog.module.css';
import { activeFilters, type Words } from './filter-words';
import { EXPORT_FORMATS, type ExportFormat } from './run-export';
import { type CallsSearch, questionOf } from './search-params';
import { type ExportState, useExport } from './use-export';

const FORMATS: Record<ExportFormat, { label: string; hint: string }> = {
  csv: {
    label: 'CSV for spreadsheets',
    hint: 'Times as the list shows them. Numbers and ids stay as they are when it is opened in Excel.',
  },
  'csv-raw': { label: 'CSV, raw', hint: 'Exact values, times with their offset. For programs.' },
  jsonl: { label: 'JSON Lines', hint: 'One call per line, named as in the API.' },
};

interface ExportDialogProps {
  search: CallsSearch;
  words: Words;
  onClose: () => void;
}

export function ExportDialog({ search, words, onClose }: ExportDialogProps) {
  const company = useCompany();
  const timeZone = useTimeZone();
  const [format, setFormat] = useState<ExportFormat>('csv');
  const { state, start, cancel } = useExport();
  const running = state.kind === 'running';
  // Only the one for spreadsheets has local times: those that the list shows.
  const local = format === 'csv' ? { timeZone } : {};
  const begin = () => void start({ ...questionOf(search, company), format, ...local });
  return (
    <Dialog opened onClose={onClose} title="Export calls">
      <Stack gap="md">
        <What search={search} words={words} />
        <Radio.Group
          label="Format"
          value={format}
          onChange={(value) => setFormat(value as ExportFormat)}
        >
          <Stack gap={10} mt={8}>
            {EXPORT_FORMATS.map((each) => (
              <Radio
                key={each}
                size="sm"
                value={each}
                label={FORMATS[each].label}
                description={FORMATS[each].hint}
                disabled={running}
              />
            ))}
          </Stack>
        </Radio.Group>
        <State state={state} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={running ? cancel : onClose}>
            {running ? 'Cancel the export' : 'Close'}
          </Button>
          {!running && (
            <Button onClick={begin} data-autofocus>
              {state.kind === 'asked' ? 'Export' : 'Export again'}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Exactly what the list finds: said in the words of its filters. */
function What({ search, words }: Pick<ExportDialogProps, 'search' | 'words'>) {
  const filters = activeFilters(search, words);
  return (
    <div className={classes.what}>
      {filters.length === 0 ? 'All calls of the company.' : 'All calls that match:'}
      {filters.length > 0 && (
        <ul className={classes.filters}>
          {filters.map(({ label }, index) => (
            // The same term may be there twice.
            <li key={`${label}|${index}`}>
              <bdi>{label}</bdi>
            </li>
          ))}
        </ul>
      )}
      {search.list === 'conversations' && <p>One row per leg, not per conversation.</p>}
    </div>
  );
}

function State({ state }: { state: ExportState }) {
  return (
    <>
      {state.kind === 'running' && <Running {...state} />}
      <div role="status">
        {state.kind === 'done' && (
          <p className={classes.done}>
            {plural(state.calls, 'call', 'calls')} saved as <bdi>{state.name}</bdi>
          </p>
        )}
      </div>
      {state.kind === 'failed' && (
        <p className={classes.problem} role="alert">
          {state.message}
        </p>
      )}
    </>
  );
}

function Running({ calls, bytes, total }: Extract<ExportState, { kind: 'running' }>) {
  const so = total
    ? `${calls.toLocaleString('en')} of ${plural(total, 'call', 'calls')}`
    : plural(calls, 'call', 'calls');
  return (
    <div>
      <progress
        className={classes.bar}
        aria-label="Progress of the export"
        max={total || undefined}
        value={total ? Math.min(calls, total) : undefined}
      />
      <p className={classes.progress}>
        {so} · {byteSize(bytes)}
      </p>
    </div>
  );
}
