// Which columns the list has. That is how it looks and not what it shows, so it is kept by the
// browser and stands in no link.
import { useState } from 'react';
import { readStored, store } from '~/lib/remembered';
import { joinList, keepKnown, listOf } from '~/lib/search-lists';

/** After the time, which every row has: it is the row's link. */
export const COLUMNS = {
  direction: 'Direction',
  customer: 'Customer',
  person: 'Person or queue',
  ourNumber: 'Our number',
  outcome: 'Outcome',
  ring: 'Rang',
  talk: 'Talked',
  hold: 'On hold',
  duration: 'Duration',
  state: 'State',
  labels: 'Labels',
  callId: 'Call id',
  flags: 'Recorded, voicemail, transferred',
} as const;

export type Column = keyof typeof COLUMNS;

const ALL = Object.keys(COLUMNS) as Column[];
export const STANDARD_COLUMNS: readonly Column[] = [
  'direction',
  'customer',
  'person',
  'outcome',
  'duration',
  'flags',
];
const KEY = 'trunkline-call-columns';

/** Only columns that there are, in their own order; with none left, those of everybody. */
export function readColumns(stored: string | null): readonly Column[] {
  const kept = listOf(
    keepKnown(
      stored,
      ALL.map((each) => each.toLowerCase()),
    ),
  );
  const columns = ALL.filter((column) => kept.includes(column.toLowerCase()));
  return columns.length === 0 ? STANDARD_COLUMNS : columns;
}

export function useColumns() {
  const [columns, setColumns] = useState(() => readColumns(readStored(KEY)));
  return {
    columns,
    choose: (chosen: readonly string[]) => {
      const next = readColumns(joinList([...chosen]) ?? null);
      setColumns(next);
      store(KEY, next.join(','));
    },
  };
}
