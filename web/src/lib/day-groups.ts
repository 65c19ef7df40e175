import { dayKey } from './time';

export interface DayGroup<Row> {
  key: string;
  at: string;
  rows: Row[];
}

/** Rows that are sorted by time, divided where the company's day changes. */
export function groupByDay<Row>(
  rows: Row[],
  timeOf: (row: Row) => string,
  timeZone: string,
): DayGroup<Row>[] {
  const groups: DayGroup<Row>[] = [];
  for (const row of rows) {
    const at = timeOf(row);
    const key = dayKey(at, timeZone);
    const last = groups.at(-1);
    if (last?.key === key) last.rows.push(row);
    else groups.push({ key, at, rows: [row] });
  }
  return groups;
}
