// The lines of a long table: a day, then its rows. The day of a row is found once, since finding it
// costs more than all the rest.

import { dayKey } from './time';
import type { Line } from './use-virtual-lines';

export interface DayLine extends Line {
  kind: 'day';
  day: string;
  at: string;
}

export interface RowLine<Row> extends Line {
  kind: 'row' | 'under';
  day: string;
  of: Row;
}

interface Parts<Row> {
  timeOf: (row: Row) => string;
  /** What the keyboard finds the row by. */
  nameOf: (row: Row) => string | undefined;
  /** The row has more of itself in a line below it. */
  isOpened?: (row: Row) => boolean;
}

const days = new Map<string, WeakMap<object, string>>();

function dayOf(row: object, at: string, timeZone: string): string {
  const known = days.get(timeZone) ?? new WeakMap<object, string>();
  days.set(timeZone, known);
  const day = known.get(row) ?? dayKey(at, timeZone);
  known.set(row, day);
  return day;
}

export function linesByDay<Row extends { id: string }>(
  rows: readonly Row[],
  timeZone: string,
  { timeOf, nameOf, isOpened }: Parts<Row>,
): (DayLine | RowLine<Row>)[] {
  const lines: (DayLine | RowLine<Row>)[] = [];
  let current: string | null = null;
  for (const row of rows) {
    const at = timeOf(row);
    const day = dayOf(row, at, timeZone);
    if (day !== current) lines.push({ kind: 'day', key: `day ${day}`, day, at });
    current = day;
    lines.push({ kind: 'row', key: row.id, row: nameOf(row), day, of: row });
    if (isOpened?.(row)) lines.push({ kind: 'under', key: `${row.id} under`, day, of: row });
  }
  return lines;
}
