import { ArrowDown, ArrowUp } from 'lucide-react';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { VirtualBody } from '~/components/virtual-body';
import { linesByDay } from '~/lib/day-lines';
import { useTimeZone } from '~/lib/time-zone';
import { useIdleLoad } from '~/lib/use-idle-load';
import { useNow } from '~/lib/use-now';
import type { useReader } from '~/lib/use-reader';
import * as words from '~/words/calls';
import { NUMBER_COLUMNS } from './call-cells';
import classes from './call-list.module.css';
import { CallListRow } from './call-list-row';
import { callTime } from './call-words';
import { COLUMNS, type Column } from './columns';
import { DayRow } from './day-row';
import type { MenuAt } from './row-menu';
import type { CallsSearch } from './search-params';
import type { CallRow, FoundList } from './use-calls';
import { useListLines } from './use-list-lines';

const loadRowMenu = () => import('./row-menu');
const RowMenu = lazy(async () => ({ default: (await loadRowMenu()).RowMenu }));

export interface CallListProps {
  rows: readonly CallRow[];
  columns: readonly Column[];
  search: CallsSearch;
  onShow: (search: CallsSearch) => void;
  onSort: () => void;
  older: FoundList['older'];
  handlers: ReturnType<typeof useReader>['handlers'];
}

const CLOCK_MS = 30_000;
const RUNNING_CLOCK_MS = 1_000;
const PARTS = { timeOf: callTime, nameOf: ({ callId }: CallRow) => callId };

export function CallList(props: CallListProps) {
  const { rows, older, columns, search, onShow, onSort, handlers } = props;
  const timeZone = useTimeZone();
  useIdleLoad(() => void loadRowMenu());
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const oldestFirst = search.sort === 'oldest';
  const running = rows.some((row) => row.outcome === 'ONGOING');
  const now = useNow(running ? RUNNING_CLOCK_MS : CLOCK_MS);
  const lines = useMemo(() => linesByDay(rows, timeZone, PARTS), [rows, timeZone]);
  const table = useRef<HTMLTableElement>(null);
  const virtual = useListLines({ table, lines, older });
  const Arrow = oldestFirst ? ArrowUp : ArrowDown;
  return (
    <>
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
        <caption className="visually-hidden">
          {(oldestFirst ? words.oldestFirst : words.newestFirst)(timeZone)}
        </caption>
        <thead>
          <tr>
            <th
              scope="col"
              className={classes.time}
              aria-sort={oldestFirst ? 'ascending' : 'descending'}
            >
              <button type="button" className={classes.sort} onClick={onSort}>
                {words.time} <Arrow size={12} aria-hidden />
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
              <span className="visually-hidden">{words.actions}</span>
            </th>
          </tr>
        </thead>
        <VirtualBody {...virtual} columns={columns.length + 2}>
          {(line, props) =>
            line.kind === 'day' ? (
              <DayRow {...props} at={line.at} now={now} columns={columns.length + 2} />
            ) : (
              <CallListRow {...props} call={line.of} now={now} columns={columns} onMenu={setMenu} />
            )
          }
        </VirtualBody>
      </table>
      {menu && (
        <Suspense fallback={null}>
          <RowMenu at={menu} search={search} onShow={onShow} onClose={() => setMenu(null)} />
        </Suspense>
      )}
    </>
  );
}
