// Rows that were read below the first page of a list, while that page changes above them.
import { inPlace } from './changed-rows';

interface Row {
  id: string;
}

export interface OlderRows<T extends Row> {
  /** The first page they follow. */
  head: readonly T[];
  rows: readonly T[];
  /** What comes after them; `null` before anything was read. */
  next: { cursor: string | null } | null;
}

/** One and the same array, so that having no rows is not a change. */
const NONE: never[] = [];

export function noOlderRows<T extends Row>(head: readonly T[]): OlderRows<T> {
  return { head, rows: NONE, next: null };
}

/**
 * The first page is another one now. What it pushed out follows it; when it has nothing in common with
 * the page of before, what is between them is not known, and everything below is read again.
 */
export function below<T extends Row>(head: readonly T[], older: OlderRows<T>): OlderRows<T> {
  if (older.next === null) return noOlderRows(head);
  const last = head.at(-1)?.id;
  const place = older.head.findIndex(({ id }) => id === last);
  if (place >= 0) {
    const pushedOut = older.head.slice(place + 1);
    return {
      ...older,
      head,
      rows: pushedOut.length === 0 ? older.rows : [...pushedOut, ...older.rows],
    };
  }
  // A row went away, and the page ends further down.
  const inside = older.rows.findIndex(({ id }) => id === last);
  if (inside >= 0) return { ...older, head, rows: older.rows.slice(inside + 1) };
  return noOlderRows(head);
}

/** With a further page; a row that is there already stays where it is. */
export function withPage<T extends Row>(
  older: OlderRows<T>,
  page: readonly T[],
  cursor: string | null,
): OlderRows<T> {
  const known = new Set([...older.head, ...older.rows].map(({ id }) => id));
  return {
    head: older.head,
    rows: [...older.rows, ...page.filter(({ id }) => !known.has(id))],
    next: { cursor },
  };
}

/** With rows that were read again. */
export function withChanged<T extends Row>(
  older: OlderRows<T>,
  changed: readonly T[],
): OlderRows<T> {
  const rows = inPlace(older.rows, changed);
  return rows === older.rows ? older : { ...older, rows };
}
