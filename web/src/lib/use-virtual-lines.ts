// Of a long table only the lines near the window are in the page. Others are blank space of their
// height, and the line that the keyboard is at stays, wherever the reader scrolls to.
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { walkRowsBy } from './row-focus';

const OVERSCAN = 12;
/** So many lines before the end the next ones are read. */
const AHEAD = 30;

export interface Line {
  /** Of this line alone. */
  key: string;
  /** What the keyboard finds its row by; without it the line is stepped over. */
  row?: string;
}

interface VirtualLines<L extends Line> {
  table: RefObject<HTMLTableElement | null>;
  lines: readonly L[];
  /** About how high a line is before it was seen. */
  heightOf: (line: L) => number;
  /** The attribute of the links of its rows. */
  attribute: string;
  onNearEnd: () => void;
}

export interface Shown<L> {
  line: L;
  index: number;
  /** The blank space between it and the line before. */
  gap: number;
}

export function useVirtualLines<L extends Line>(options: VirtualLines<L>) {
  const { table, lines, heightOf, attribute, onNearEnd } = options;
  const [active, setActive] = useState<string | null>(null);
  const placeOf = useMemo(() => placesOf(lines), [lines]);
  const activeAt = active === null ? undefined : placeOf(active);
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => heightOf(lines[index] as L),
    getItemKey: useCallback((index: number) => lines[index]?.key ?? index, [lines]),
    // Rows are there at once, and not only after the window was looked at.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    overscan: OVERSCAN,
    scrollMargin: useTop(table),
    rangeExtractor: useCallback(
      (range: Range) => withActive(defaultRangeExtractor(range), activeAt),
      [activeAt],
    ),
  });
  const items = virtualizer.getVirtualItems();
  const { scrollMargin } = virtualizer.options;
  const last = items.at(-1)?.index ?? -1;
  const nearEnd = last >= lines.length - AHEAD;
  useEffect(() => {
    if (nearEnd) onNearEnd();
  });

  useEffect(
    () =>
      walkRowsBy(attribute, {
        has: (row) => placeOf(row) !== undefined,
        show: (row) => flushSync(() => setActive(row)),
        next: (row, step) => nextRow(lines, placeOf(row), step),
      }),
    [attribute, lines, placeOf],
  );

  let end = scrollMargin;
  const shown = items.flatMap((item): Shown<L>[] => {
    const line = lines[item.index];
    if (line === undefined) return [];
    const gap = item.start - end;
    end = item.end;
    return [{ line, index: item.index, gap }];
  });
  return {
    shown,
    /** The blank space below the last one. */
    rest: virtualizer.getTotalSize() - (end - scrollMargin),
    measure: virtualizer.measureElement,
    /** Somebody is at this row now. */
    onRowFocus: setActive,
  };
}

/** Where a row is; the rows are only gone through when somebody asks. */
function placesOf(lines: readonly Line[]): (row: string) => number | undefined {
  let places: Map<string, number> | null = null;
  return (row) => {
    places ??= new Map(
      lines.flatMap((line, index) => (line.row === undefined ? [] : [[line.row, index] as const])),
    );
    return places.get(row);
  };
}

function nextRow(lines: readonly Line[], from: number | undefined, step: 1 | -1): string | null {
  if (from === undefined) return null;
  for (let index = from + step; index >= 0 && index < lines.length; index += step) {
    const row = lines[index]?.row;
    if (row !== undefined) return row;
  }
  return null;
}

function withActive(indexes: number[], active: number | undefined): number[] {
  if (active === undefined || indexes.includes(active)) return indexes;
  return [...indexes, active].sort((a, b) => a - b);
}

/** How far below the top of the page the lines begin: what stands above them may grow. */
function useTop(table: RefObject<HTMLTableElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const look = () => {
      const body = table.current?.tBodies[0] ?? table.current;
      if (body) setTop(Math.round(body.getBoundingClientRect().top + window.scrollY));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [table]);
  return top;
}
