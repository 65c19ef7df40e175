import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '~/components/dialog';
import { useCompany } from '~/lib/company';
import { useTimeZone } from '~/lib/time-zone';
import { byteSize } from '~/lib/units';
import * as words from '~/words/calls-export';
import classes from './export-dialog.module.css';
import { activeFilters, type Words } from './filter-words';
import { EXPORT_FORMATS, type ExportFormat } from './run-export';
import { type CallsSearch, questionOf } from './search-params';
import { type ExportState, useExport } from './use-export';

const FORMATS: Record<ExportFormat, { label: string; hint: string }> = {
  csv: {
    label: words.csvForSpreadsheets,
    hint: words.csvHint,
  },
  'csv-raw': { label: words.csvRaw, hint: words.csvRawHint },
  jsonl: { label: words.jsonLines, hint: words.jsonLinesHint },
};

interface ExportDialogProps {
  search: CallsSearch;
  known: Words;
  onClose: () => void;
}

export function ExportDialog({ search, known, onClose }: ExportDialogProps) {
  const company = useCompany();
  const timeZone = useTimeZone();
  const [format, setFormat] = useState<ExportFormat>('csv');
  const { state, start, cancel } = useExport();
  const running = state.kind === 'running';
  // Only the one for spreadsheets has local times: those that the list shows.
  const local = format === 'csv' ? { timeZone } : {};
  const begin = () => void start({ ...questionOf(search, company), format, ...local });
  return (
    <Dialog opened onClose={onClose} title={words.exportTitle}>
      <Stack gap="md">
        <What search={search} known={known} />
        <Radio.Group
          label={words.format}
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
            {running ? words.cancelExport : words.close}
          </Button>
          {!running && (
            <Button onClick={begin} data-autofocus>
              {state.kind === 'asked' ? words.exportCalls : words.exportAgain}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Exactly what the list finds: said in the words of its filters. */
function What({ search, known }: Pick<ExportDialogProps, 'search' | 'known'>) {
  const filters = activeFilters(search, known);
  return (
    <div className={classes.what}>
      {filters.length === 0 ? words.allCalls : words.allCallsMatching}
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
      {search.list === 'conversations' && <p>{words.rowPerLeg}</p>}
    </div>
  );
}

function State({ state }: { state: ExportState }) {
  return (
    <>
      {state.kind === 'running' && <Running {...state} />}
      <div role="status">
        {state.kind === 'done' && (
          <p className={classes.done}>{words.savedAs(state.calls, <bdi>{state.name}</bdi>)}</p>
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
  const so = total ? words.callsOfTotal(calls, total) : words.callsSoFar(calls);
  return (
    <div>
      <progress
        className={classes.bar}
        aria-label={words.progressOfExport}
        max={total || undefined}
        value={total ? Math.min(calls, total) : undefined}
      />
      <p className={classes.progress}>
        {so} · {byteSize(bytes)}
      </p>
    </div>
  );
}
