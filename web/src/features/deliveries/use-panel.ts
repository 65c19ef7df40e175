// The open delivery is part of the address. Opened from the list, going back closes it; on a narrow
// screen, where it takes the place of the list, the list is then where it was left.
import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { focusRow, focusRowOf } from '~/lib/row-focus';
import { DELIVERY_LINK } from './delivery-words';

export function usePanel(open: string | undefined) {
  const navigate = useNavigate({ from: '/c/$company/deliveries' });
  const router = useRouter();
  const fromList = useRouterState({ select: (state) => state.location.state.fromList === true });
  const panel = useRef<HTMLElement>(null);
  const focusPanel = useRef(false);
  const focusRowNext = useRef<string | null>(null);
  const listScrollY = useRef(0);
  const before = useRef(open);

  useEffect(() => {
    const previous = before.current;
    before.current = open;
    if (open !== undefined) {
      if (focusPanel.current) panel.current?.focus({ preventScroll: true });
      focusPanel.current = false;
      if (previous !== open && !isDocked(panel.current)) {
        if (previous === undefined) listScrollY.current = window.scrollY;
        window.scrollTo({ top: 0 });
      }
    } else if (previous !== undefined) {
      if (listScrollY.current > 0) window.scrollTo({ top: listScrollY.current });
      listScrollY.current = 0;
      if (focusRowNext.current) focusRowOf(DELIVERY_LINK, focusRowNext.current);
      focusRowNext.current = null;
    }
  }, [open]);

  const show = (id: string, replace: boolean) =>
    void navigate({
      search: (search) => ({ ...search, d: id }),
      replace,
      resetScroll: false,
      state: { fromList: fromList || open === undefined },
    });

  return {
    panel,
    /** The row's link was followed, so reading goes on in the panel. */
    followed: (id: string) => {
      if (id === open) panel.current?.focus({ preventScroll: true });
      else focusPanel.current = true;
    },
    open: (id: string) => show(id, open !== undefined),
    /** What had the focus is gone, so reading goes on in the panel. */
    focusIfLost: () => {
      if (document.activeElement === document.body) panel.current?.focus({ preventScroll: true });
    },
    /** To the next row or the one before; what is open follows. */
    step: (by: 1 | -1) => {
      // In place of the list the panel shows one delivery after the other, and no lines of several.
      const onlyKeyed = open !== undefined && !isDocked(panel.current);
      const next = focusRow(DELIVERY_LINK, by, { from: open, onlyKeyed });
      const id = next?.getAttribute(DELIVERY_LINK);
      if (open !== undefined && id) show(id, true);
    },
    close: ({ byKeyboard }: { byKeyboard: boolean }) => {
      if (open === undefined) return;
      if (byKeyboard) focusRowNext.current = open;
      if (fromList) router.history.back();
      else {
        void navigate({
          search: ({ d: _, ...search }) => search,
          replace: true,
          resetScroll: false,
        });
      }
    },
  };
}

/** Beside the list, and not in its place. */
function isDocked(panel: HTMLElement | null): boolean {
  return panel !== null && getComputedStyle(panel).position === 'sticky';
}
