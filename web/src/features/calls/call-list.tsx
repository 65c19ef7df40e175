import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useCompany } from '~/lib/company';
import { dayKey, dayLabel } from '~/lib/time';
import { useNow } from '~/lib/use-now';
import classes from './call-list.module.css';
import { CallListRow } from './call-list-row';
import { callTime } from './call-words';
import type { CallRow } from './use-calls';

interface CallListProps {
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
      {groupByDay(rows, timeZone).map((group) => (
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

function groupByDay(rows: CallRow[], timeZone: string) {
  const groups: { key: string; at: string; rows: CallRow[] }[] = [];
  for (const row of rows) {
    const at = callTime(row);
    const key = dayKey(at, timeZone);
    const last = groups.at(-1);
    if (last?.key === key) last.rows.push(row);
    else groups.push({ key, at, rows: [row] });
  }
  return groups;
}

/** Moves the focus along the rows' links; from outside the list it goes to the first one in view. */
export function focusCall(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-call-link]')];
  const current = links.indexOf(document.activeElement as HTMLElement);
  const next =
    current >= 0
      ? links[current + step]
      : links.find((link) => link.getBoundingClientRect().top >= 0);
  next?.focus();
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}
