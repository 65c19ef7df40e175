import { Menu } from '@mantine/core';
import { Copy, Filter } from 'lucide-react';
import { Fragment } from 'react';
import { useCompany } from '~/lib/company';
import { copyAndSay } from '~/lib/toast';
import * as words from '~/words/cell-actions';
import { actionsFor, type CellAction } from './cell-actions';
import type { Column } from './columns';
import classes from './row-menu.module.css';
import type { CallsSearch } from './search-params';
import type { CallRow } from './use-calls';

/** Where a menu was asked for, and for what. */
export interface MenuAt {
  call: CallRow;
  /** `null` for the whole row. */
  column: Column | null;
  x: number;
  y: number;
  /** What gets the focus back. */
  opener?: HTMLElement;
}

interface RowMenuProps {
  at: MenuAt;
  search: CallsSearch;
  onShow: (search: CallsSearch) => void;
  onClose: () => void;
}

/** One menu for the whole list: it opens where it is asked for. */
export function RowMenu({ at, search, onShow, onClose }: RowMenuProps) {
  const { timeZone } = useCompany();
  const groups = actionsFor(at.call, at.column, { search, timeZone });
  if (groups.length === 0) return null;
  const run = (action: CellAction) => {
    if ('show' in action) onShow(action.show);
    else void copyAndSay(action.copy, action.said);
  };
  const close = () => {
    onClose();
    at.opener?.focus({ preventScroll: true });
  };
  return (
    <Menu
      // Another place is another menu.
      key={`${at.call.id} ${at.column} ${at.x} ${at.y}`}
      opened
      onChange={(opened) => !opened && close()}
      position="bottom-start"
      width={250}
      returnFocus={false}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label={words.actions}
          className={classes.anchor}
          style={{ left: at.x, top: at.y }}
        />
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {groups.map(({ title, actions }) => (
          <Fragment key={title}>
            <Menu.Label className={classes.title}>
              <bdi>{title}</bdi>
            </Menu.Label>
            {actions.map((action) => (
              <Menu.Item
                key={action.title}
                leftSection={
                  'show' in action ? (
                    <Filter size={14} aria-hidden />
                  ) : (
                    <Copy size={14} aria-hidden />
                  )
                }
                aria-label={`${action.title}: ${title}`}
                onClick={() => run(action)}
              >
                {action.title}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
