import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { ListTime } from '~/components/list-time';
import type { LineProps } from '~/components/virtual-body';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import * as words from '~/words/calls';
import { CELLS } from './call-cells';
import classes from './call-list.module.css';
import { callTime } from './call-words';
import type { Column } from './columns';
import type { MenuAt } from './row-menu';
import type { CallRow } from './use-calls';
import { usePeekLink } from './use-peek';

interface CallListRowProps extends LineProps {
  call: CallRow;
  now: Date;
  columns: readonly Column[];
  onMenu: (menu: MenuAt) => void;
}

/** Drawn again only when something of it changed: scrolling draws the others. */
export const CallListRow = memo(function CallListRow(props: CallListRowProps) {
  const { call, now, columns, onMenu, ...line } = props;
  const { slug } = useCompany();
  const peek = usePeekLink(call.callId);
  const params = { company: slug, callId: call.callId };
  const at = callTime(call);

  const open = (event: MouseEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button');
    // Someone who marks a number to copy it does not want to leave the list.
    if (onControl || window.getSelection()?.isCollapsed === false) return;
    if (event.metaKey || event.ctrlKey) {
      window.open(`/c/${slug}/calls/${encodeURIComponent(call.callId)}`, '_blank', 'noopener');
      return;
    }
    peek.open();
  };
  const menuOfCell = (event: MouseEvent<HTMLElement>, column: Column) => {
    // Text that was marked is to be copied by the browser's own menu.
    if (window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    onMenu({ call, column, x: event.clientX, y: event.clientY });
  };
  const menuOfRow = (event: MouseEvent<HTMLElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    onMenu({ call, column: null, x: left, y: bottom, opener: event.currentTarget });
  };

  return (
    // The row's link is the way by keyboard; a click anywhere else on it is a convenience.
    <tr {...line} className={classes.row} data-open={peek.isOpen || undefined} onClick={open}>
      <td className={classes.time}>
        <Link
          to="/c/$company/calls/$callId"
          params={params}
          state={{ fromList: true }}
          data-call-link={call.callId}
          aria-current={peek.isOpen || undefined}
          onClick={peek.onClick}
          className={classes.link}
        >
          <ListTime iso={at} />
        </Link>
      </td>
      {columns.map((column) => (
        <td
          key={column}
          className={classes[column]}
          onContextMenu={(event) => menuOfCell(event, column)}
        >
          {CELLS[column](call, now)}
        </td>
      ))}
      <td className={classes.more}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={words.rowActionsOf(callName(call))}
          aria-haspopup="menu"
          onClick={menuOfRow}
        >
          <Ellipsis size={15} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  );
});
