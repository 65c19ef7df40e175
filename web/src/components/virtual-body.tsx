import { Fragment, type ReactNode } from 'react';
import type { Shown } from '~/lib/use-virtual-lines';

/** What a line's `<tr>` carries: its height is measured, its place is told. */
export interface LineProps {
  ref: (element: HTMLTableRowElement | null) => void;
  'data-index': number;
  'aria-rowindex': number;
}

interface VirtualBodyProps<L extends { key: string; day: string }> {
  shown: readonly Shown<L>[];
  rest: number;
  columns: number;
  measure: (element: Element | null) => void;
  children: (line: L, props: LineProps) => ReactNode;
}

/** The lines that are in the page, by day, with blank space for the others. */
export function VirtualBody<L extends { key: string; day: string }>(props: VirtualBodyProps<L>) {
  const { shown, rest, columns, measure, children } = props;
  const groups: { day: string; lines: Shown<L>[] }[] = [];
  for (const each of shown) {
    const last = groups.at(-1);
    if (last?.day === each.line.day) last.lines.push(each);
    else groups.push({ day: each.line.day, lines: [each] });
  }
  return (
    <>
      {groups.map(({ day, lines }) => (
        <tbody key={day}>
          {lines.map(({ line, index, gap }) => (
            <Fragment key={line.key}>
              {gap > 0 && <Blank height={gap} columns={columns} />}
              {children(line, {
                ref: measure,
                'data-index': index,
                // The head of the table is the first one.
                'aria-rowindex': index + 2,
              })}
            </Fragment>
          ))}
        </tbody>
      ))}
      {rest > 0 && (
        <tbody>
          <Blank height={rest} columns={columns} />
        </tbody>
      )}
    </>
  );
}

function Blank({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden style={{ display: 'table-row' }}>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
