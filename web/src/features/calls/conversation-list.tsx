import { useState } from 'react';
import { groupByDay } from '~/lib/day-groups';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import type { CallListProps } from './call-list';
import classes from './call-list.module.css';
import { ConversationListRow } from './conversation-list-row';
import type { ConversationRow } from './use-calls';

interface ConversationListProps {
  rows: ConversationRow[];
  handlers: CallListProps['handlers'];
}

const CLOCK_MS = 30_000;
const RUNNING_CLOCK_MS = 1_000;
const COLUMNS = [
  ['time', 'Time'],
  ['direction', 'Direction'],
  ['customer', 'Customer'],
  ['person', 'With'],
  ['outcome', 'Outcome'],
  ['duration', 'Length'],
  ['legs', 'Legs'],
] as const;

export function ConversationList({ rows, handlers }: ConversationListProps) {
  const timeZone = useTimeZone();
  const running = rows.some((row) => row.outcome === 'ONGOING');
  const now = useNow(running ? RUNNING_CLOCK_MS : CLOCK_MS);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  return (
    <table className={classes.table} {...handlers}>
      <caption className="visually-hidden">
        Conversations, newest first, times in {timeZone}
      </caption>
      <thead>
        <tr>
          {COLUMNS.map(([column, label]) => (
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
      {groupByDay(rows, (row) => row.dateStarted, timeZone).map((group) => (
        <tbody key={`${group.key}|${group.rows[0]?.id}`}>
          <tr className={classes.day}>
            <th scope="rowgroup" colSpan={COLUMNS.length}>
              {dayLabel(group.at, timeZone, now)}
            </th>
          </tr>
          {group.rows.map((row) => (
            <ConversationListRow
              key={row.id}
              conversation={row}
              now={now}
              opened={opened.has(row.id)}
              onToggle={() => toggle(row.id)}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}
