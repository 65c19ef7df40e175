import { type ComponentProps, useState } from 'react';
import { groupByDay } from '~/lib/day-groups';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/deliveries';
import classes from './delivery-list.module.css';
import { DeliveryListRow, type RowActions } from './delivery-row';
import { RunRow } from './run-row';
import { groupRuns } from './runs';
import type { DeliveryRow } from './use-deliveries';

interface DeliveryListProps extends RowActions {
  rows: DeliveryRow[];
  handlers: Pick<
    ComponentProps<'table'>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
}

const CLOCK_MS = 30_000;
const COLUMNS = 8;

export function DeliveryList({ rows, handlers, ...actions }: DeliveryListProps) {
  const timeZone = useTimeZone();
  const now = useNow(CLOCK_MS);
  const runs = useExpandedRuns(actions.open);
  return (
    <table className={classes.table} {...handlers}>
      <caption className="visually-hidden">{words.caption(timeZone)}</caption>
      <thead>
        <tr>
          <th scope="col">{words.received}</th>
          <th scope="col">{words.outcome}</th>
          <th scope="col">{words.what}</th>
          <th scope="col">{words.call}</th>
          <th scope="col">{words.secret}</th>
          <th scope="col" className={classes.number}>
            {words.size}
          </th>
          <th scope="col" className={classes.number}>
            {words.time}
          </th>
          <th scope="col" className={classes.number}>
            {words.status}
          </th>
        </tr>
      </thead>
      {groupByDay(rows, (row) => row.receivedAt, timeZone).map((day) => (
        <tbody key={day.key}>
          <tr className={classes.day}>
            <th scope="rowgroup" colSpan={COLUMNS}>
              {dayLabel(day.at, timeZone, now)}
            </th>
          </tr>
          {groupRuns(day.rows).flatMap((run) => {
            const oldest = run.rows.at(-1);
            if (!oldest) return [];
            const expanded = run.reason === null || runs.isExpanded(run.rows);
            const listed = expanded
              ? run.rows.map((row) => (
                  <DeliveryListRow
                    key={row.id}
                    delivery={row}
                    inRun={run.reason !== null}
                    {...actions}
                  />
                ))
              : [];
            if (run.reason === null) return listed;
            return [
              <RunRow
                key={`run ${oldest.id}`}
                rows={run.rows}
                reason={run.reason}
                columns={COLUMNS}
                expanded={expanded}
                onToggle={() => runs.toggle(run.rows)}
              />,
              ...listed,
            ];
          })}
        </tbody>
      ))}
    </table>
  );
}

/** Known by its rows: more of them may come while it is open. A link to one of them opens it. */
function useExpandedRuns(linked: string | undefined) {
  const [ids, setIds] = useState<ReadonlySet<string>>(() => new Set(linked ? [linked] : []));
  const isExpanded = (rows: DeliveryRow[]) => rows.some(({ id }) => ids.has(id));
  return {
    isExpanded,
    toggle: (rows: DeliveryRow[]) => {
      const next = new Set(ids);
      const expanded = isExpanded(rows);
      for (const { id } of rows) {
        if (expanded) next.delete(id);
        else next.add(id);
      }
      setIds(next);
    },
  };
}
