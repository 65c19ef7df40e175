// The lines of the list of calls or conversations that are in the page, and reading on near their end.
import { useMediaQuery } from '@mantine/hooks';
import type { FocusEvent, RefObject } from 'react';
import type { DayLine, RowLine } from '~/lib/day-lines';
import { useVirtualLines } from '~/lib/use-virtual-lines';
import { CALL_LINK } from './call-words';
import type { FoundList } from './use-calls';

type ListLine<Row> = DayLine | RowLine<Row>;

/** Below it each row is a card; the styles of the list say the same. */
const CARDS = '(max-width: 56em)';
const HEIGHTS_PX = { day: 41, row: 46, under: 160 };
const CARD_HEIGHTS_PX = { day: 39, row: 95, under: 220 };

interface ListLines<Row> {
  table: RefObject<HTMLTableElement | null>;
  lines: readonly ListLine<Row>[];
  older: FoundList['older'];
}

export function useListLines<Row>({ table, lines, older }: ListLines<Row>) {
  const heights = useMediaQuery(CARDS) ? CARD_HEIGHTS_PX : HEIGHTS_PX;
  const virtual = useVirtualLines({
    table,
    lines,
    heightOf: ({ kind }) => heights[kind],
    attribute: CALL_LINK,
    onNearEnd: () => {
      // What failed is tried again when somebody asks for it.
      if (older.hasOlder && !older.busy && !older.failed) void older.readOlder();
    },
  });
  return {
    ...virtual,
    /** With the head; unknown (-1) as long as there is more to read. */
    rowCount: older.hasOlder ? -1 : lines.length + 1,
    onRowFocus: ({ target }: FocusEvent) => {
      const link = target.closest('tr')?.querySelector(`[${CALL_LINK}]`);
      virtual.onRowFocus(link?.getAttribute(CALL_LINK) ?? null);
    },
  };
}
