import { useCallback, useMemo, useRef, useState } from 'react';
import { VirtualBody } from '~/components/virtual-body';
import { linesByDay } from '~/lib/day-lines';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/conversations';
import type { CallListProps } from './call-list';
import classes from './call-list.module.css';
import { aloneOf, ConversationListRow, ConversationUnder } from './conversation-list-row';
import { DayRow } from './day-row';
import type { ConversationRow, FoundList } from './use-calls';
import { useListLines } from './use-list-lines';

interface ConversationListProps {
  rows: readonly ConversationRow[];
  older: FoundList['older'];
  /** There is less room than for all columns. */
  squeezed: boolean;
  handlers: CallListProps['handlers'];
}

const CLOCK_MS = 30_000;
const RUNNING_CLOCK_MS = 1_000;
const COLUMNS = [
  ['time', words.time],
  ['direction', words.direction],
  ['customer', words.customer],
  ['person', words.withWhom],
  ['outcome', words.outcome],
  ['duration', words.length],
  ['legs', words.legsTitle],
] as const;
/** What a call beside the list says better. */
const LESS: ReadonlySet<string> = new Set(['direction', 'person']);

const timeOf = (row: ConversationRow) => row.dateStarted;
/** The key of its link or button. The Dialpad id of a conversation is one of a leg's too, below it. */
const nameOf = (row: ConversationRow) => aloneOf(row) ?? row.id;

export function ConversationList({ rows, older, squeezed, handlers }: ConversationListProps) {
  const timeZone = useTimeZone();
  const columns = squeezed ? COLUMNS.filter(([column]) => !LESS.has(column)) : COLUMNS;
  const running = rows.some((row) => row.outcome === 'ONGOING');
  const now = useNow(running ? RUNNING_CLOCK_MS : CLOCK_MS);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const lines = useMemo(() => {
    const isOpened = (row: ConversationRow) => opened.has(row.id) && aloneOf(row) === undefined;
    return linesByDay(rows, timeZone, { timeOf, nameOf, isOpened });
  }, [rows, timeZone, opened]);
  const table = useRef<HTMLTableElement>(null);
  const virtual = useListLines({ table, lines, older });
  return (
    <table
      ref={table}
      className={classes.table}
      aria-rowcount={virtual.rowCount}
      {...handlers}
      onFocus={(event) => {
        handlers.onFocus();
        virtual.onRowFocus(event);
      }}
    >
      <caption className="visually-hidden">{words.conversationsCaption(timeZone)}</caption>
      <thead>
        <tr>
          {columns.map(([column, label]) => (
            <th
              key={column}
              scope="col"
              className={`${classes[column]} ${column === 'duration' ? classes.number : ''}`}
            >
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <VirtualBody {...virtual} columns={columns.length}>
        {(line, props) =>
          line.kind === 'day' ? (
            <DayRow {...props} at={line.at} now={now} columns={columns.length} />
          ) : line.kind === 'under' ? (
            <ConversationUnder {...props} conversation={line.of} columns={columns.length} />
          ) : (
            <ConversationListRow
              {...props}
              conversation={line.of}
              now={now}
              opened={opened.has(line.of.id)}
              squeezed={squeezed}
              onToggle={toggle}
            />
          )
        }
      </VirtualBody>
    </table>
  );
}
