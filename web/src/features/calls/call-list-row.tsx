import { ActionIcon } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import type { MouseEvent } from 'react';
import { ListTime } from '~/components/list-time';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { CELLS } from './call-cells';
import classes from './call-list.module.css';
import { callTime } from './call-words';
import type { Column } from './columns';
import type { MenuAt } from './row-menu';
import type { CallRow } from './use-calls';

interface CallListRowProps {
  call: CallRow;
  now: Date;
  columns: readonly Column[];
  onMenu: (menu: MenuAt) => void;
}

export function CallListRow({ call, now, columns, onMenu }: CallListRowProps) {
  const { slug } = useCompany();
  const navigate = useNavigate();
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
    void navigate({ to: '/c/$company/calls/$callId', params, state: { fromList: true } });
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
    <tr className={classes.row} onClick={open}>
      <td className={classes.time}>
        <Link
          to="/c/$company/calls/$callId"
          params={params}
          state={{ fromList: true }}
          data-call-link={call.callId}
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
          aria-label={`Filter by, copy: ${callName(call)}`}
          aria-haspopup="menu"
          onClick={menuOfRow}
        >
          <Ellipsis size={15} aria-hidden />
        </ActionIcon>
      </td>
    </tr>
  );
}
