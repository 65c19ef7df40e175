// The way back from a zoom. The ranges that were left behind go with the entry of the browser's
// history, so that Back, Forward and a reload all keep the right ones.
import { isSameRange, NO_RANGE, type TimeRange } from '~/lib/time-range';

const ZOOMS_MAX = 20;

export interface View {
  range: TimeRange;
  /** The ranges that were zoomed into to come here, the widest first. */
  zoomedFrom: TimeRange[];
}

/** `null` when it would show the same again. */
export function zoomInto({ range, zoomedFrom }: View, next: TimeRange): View | null {
  if (isSameRange(range, next)) return null;
  return { range: next, zoomedFrom: [...zoomedFrom, onlyRange(range)].slice(-ZOOMS_MAX) };
}

/** Back to the range before; without one, to all there is. `null` when that is shown already. */
export function zoomOut({ range, zoomedFrom }: View): View | null {
  const before = zoomedFrom.at(-1);
  if (before) return { range: { ...NO_RANGE, ...before }, zoomedFrom: zoomedFrom.slice(0, -1) };
  if (isSameRange(range, NO_RANGE)) return null;
  return { range: NO_RANGE, zoomedFrom: [] };
}

function onlyRange({ range, from, to }: TimeRange): TimeRange {
  return { range, from, to };
}
