import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { groupByDay } from '~/lib/day-groups';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import { NUMBER_COLUMNS } from './call-cells';
import classes from './call-list.module.css';
import { CallListRow } from './call-list-row';
import { callTime } from './call-words';
import { COLUMNS, type Column } from './columns';
import { type MenuAt, RowMenu } from './row-menu';
import type { CallsSearch } from './search-params';
import type { CallRow } from './use-calls';

export interface CallListProps {
  rows: CallRow[];
  columns: readonly Column[];
  search: CallsSearch;
  onShow: (search: CallsSearch) => void;
  onSort: () => void;
  handlers: Pick<
    ComponentProps<'table'>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
}

const CLOCK_MS = 30_000;
const RUNNING_CLOCK_MS = 1_000;

export function CallList(props: CallListProps) {
  const { rows, columns, search, onShow, onSort, handlers } = props;
  const timeZone = useTimeZone();
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const oldestFirst = search.sort === 'oldest';
  const running = rows.some((row) => row.outcome === 'ONGOING');
  const now = useNow(running ? RUNNING_CLOCK_MS : CLOCK_MS);
  const Arrow = oldestFirst ? ArrowUp : ArrowDown;
  return (
    <>
      <table className={classes.table} {...handlers}>
        <caption className="visually-hidden">
          Calls, {oldestFirst ? 'oldest' : 'newest'} first, times in {timeZone}
        </caption>
        <thead>
          <tr>
            <th
              scope="col"
              className={classes.time}
              aria-sort={oldestFirst ? 'ascending' : 'descending'}
            >
              <button type="button" className={classes.sort} onClick={onSort}>
                Time <Arrow size={12} aria-hidden />
              </button>
            </th>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={`${classes[column]} ${NUMBER_COLUMNS.has(column) ? classes.number : ''}`}
              >
                {column === 'flags' ? (
                  <span className="visually-hidden">{COLUMNS[column]}</span>
                ) : (
                  COLUMNS[column]
                )}
              </th>
            ))}
            <th scope="col" className={classes.more}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        {groupByDay(rows, callTime, timeZone).map((group) => (
          <tbody key={`${group.key}|${group.rows[0]?.id}`}>
            <tr className={classes.day}>
              <th scope="rowgroup" colSpan={columns.length + 2}>
                {dayLabel(group.at, timeZone, now)}
              </th>
            </tr>
            {group.rows.map((row) => (
              <CallListRow key={row.id} call={row} now={now} columns={columns} onMenu={setMenu} />
            ))}
          </tbody>
        ))}
      </table>
      <RowMenu at={menu} search={search} onShow={onShow} onClose={() => setMenu(null)} />
    </>
  );
}
