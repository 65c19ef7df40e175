// Which rows of a list are read again because something of them changed. Those of the page that was read
// last are read with it; this is about the ones below it, and the ones that a reader keeps it from moving.

interface Row {
  id: string;
}

/** What may have changed since it was read. */
export interface Told {
  /** Of these rows, or of these parts of a row. */
  ids: ReadonlySet<string>;
  /** Something that was not told. */
  more: boolean;
}

export const NOTHING_TOLD: Told = { ids: new Set(), more: false };

/** Remembered one by one; when there are more, anything may have changed. */
export const TOLD_MAX = 1_000;
/** Of one reading: the API takes no longer list of ids. The others wait for the next one. */
export const ROWS_AT_ONCE_MAX = 100;
/** When it is not known what changed, so many are read again, from the top. */
export const UNTOLD_ROWS_MAX = 500;

export function withTold(told: Told, id: string | undefined): Told {
  if (id === undefined) return { ...told, more: true };
  if (told.ids.has(id)) return told;
  if (told.ids.size >= TOLD_MAX) return { ids: new Set(), more: true };
  return { ...told, ids: new Set(told.ids).add(id) };
}

interface Shown<T extends Row> {
  /** As they are shown. */
  rows: readonly T[];
  /** The page that is read by itself. */
  fresh: readonly T[];
  /** What a row is made of, by the ids that are told. */
  partsOf: (row: T) => readonly Row[];
}

/** The rows to read now, and what stays to be read. */
export function toReadAgain<T extends Row>(told: Told, { rows, fresh, partsOf }: Shown<T>) {
  const isTold = (row: T) =>
    told.ids.has(row.id) || partsOf(row).some(({ id }) => told.ids.has(id));
  const inPage = new Set(fresh.map(({ id }) => id));
  const due = rows
    .filter(({ id }) => !inPage.has(id))
    .filter((row, index) => (told.more && index < UNTOLD_ROWS_MAX) || isTold(row));
  // The page may push a row out before it was read again itself.
  const waiting = [...due.slice(ROWS_AT_ONCE_MAX), ...fresh.filter(isTold)];
  return {
    now: due.slice(0, ROWS_AT_ONCE_MAX),
    later: { ids: new Set(waiting.map(({ id }) => id)), more: false } satisfies Told,
  };
}

/** Each in the place where it was; the same array again when none of them is there. */
export function inPlace<T extends Row>(rows: readonly T[], changed: readonly T[]): readonly T[] {
  const byId = new Map(changed.map((row) => [row.id, row]));
  return rows.some(({ id }) => byId.has(id)) ? rows.map((row) => byId.get(row.id) ?? row) : rows;
}
