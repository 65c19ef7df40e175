// Which columns the list has. That is how it looks and not what it shows, so it is kept by the
// browser and stands in no link. A saved view has its own.
import { useState } from 'react';
import { readStored, store } from '~/lib/remembered';
import { joinList, keepKnown, listOf } from '~/lib/search-lists';
import * as words from '~/words/calls';

/** After the time, which every row has: it is the row's link. */
export const COLUMNS = {
  direction: words.direction,
  customer: words.customer,
  person: words.personOrQueue,
  ourNumber: words.ourNumber,
  outcome: words.outcome,
  ring: words.rang,
  talk: words.talked,
  hold: words.onHold,
  duration: words.duration,
  state: words.state,
  labels: words.labels,
  callId: words.callId,
  flags: words.flags,
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
/** Beside an open call, which says the rest. */
export const PEEK_COLUMNS: ReadonlySet<Column> = new Set(['customer', 'outcome', 'duration']);
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

interface ViewColumns {
  id: string;
  columns: readonly Column[];
}

export function useColumns(view: ViewColumns | null) {
  const [own, setOwn] = useState(() => readColumns(readStored(KEY)));
  // Others for the open view last until it is saved, or the page is left.
  const [edited, setEdited] = useState<ViewColumns | null>(null);
  const ofView = edited?.id === view?.id ? edited : view;
  return {
    columns: view ? (ofView ?? view).columns : own,
    chooseColumns: (chosen: readonly string[]) => {
      const columns = readColumns(joinList([...chosen]) ?? null);
      if (view) {
        setEdited({ id: view.id, columns });
        return;
      }
      setOwn(columns);
      store(KEY, columns.join(','));
    },
    resetColumns: () => setEdited(null),
  };
}
