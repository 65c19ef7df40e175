import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useCompany } from '~/lib/company';
import { groupByDay } from '~/lib/day-groups';
import { dayLabel } from '~/lib/time';
import { useNow } from '~/lib/use-now';
import classes from './call-list.module.css';
import { CallListRow } from './call-list-row';
import { callTime } from './call-words';
import type { CallRow } from './use-calls';

export interface CallListProps {
  rows: CallRow[];
  oldestFirst: boolean;
  onSort: () => void;
  handlers: Pick<
    ComponentProps<'table'>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
}

const CLOCK_MS = 30_000;
const RUNNING_CLOCK_MS = 1_000;

export function CallList({ rows, oldestFirst, onSort, handlers }: CallListProps) {
  const { timeZone } = useCompany();
  const running = rows.some((row) => row.outcome === 'ONGOING');
  const now = useNow(running ? RUNNING_CLOCK_MS : CLOCK_MS);
  const Arrow = oldestFirst ? ArrowUp : ArrowDown;
  return (
    <table className={classes.table} {...handlers}>
      <caption className="visually-hidden">
        Calls, {oldestFirst ? 'oldest' : 'newest'} first, times in {timeZone}
      </caption>
      <thead>
        <tr>
          <th scope="col" aria-sort={oldestFirst ? 'ascending' : 'descending'}>
            <button type="button" className={classes.sort} onClick={onSort}>
              Time <Arrow size={12} aria-hidden />
            </button>
          </th>
          <th scope="col">Direction</th>
          <th scope="col">Customer</th>
          <th scope="col">Person or queue</th>
          <th scope="col">Outcome</th>
          <th scope="col" className={classes.number}>
            Duration
          </th>
          <th scope="col">
            <span className="visually-hidden">Recorded, voicemail, transferred</span>
          </th>
        </tr>
      </thead>
      {groupByDay(rows, callTime, timeZone).map((group) => (
        <tbody key={`${group.key}|${group.rows[0]?.id}`}>
          <tr className={classes.day}>
            <th scope="rowgroup" colSpan={7}>
              {dayLabel(group.at, timeZone, now)}
            </th>
          </tr>
          {group.rows.map((row) => (
            <CallListRow key={row.id} call={row} now={now} />
          ))}
        </tbody>
      ))}
    </table>
  );
}
