// What is open beside a list is part of the address. Opened from the list, going back closes it; where it
// takes the place of the list, the list is then where it was left.
import { useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { focusRow, focusRowOf } from './row-focus';

interface DockedPanel {
  /** What is open. */
  open: string | undefined;
  /** The attribute of the links of the list's rows. */
  attribute: string;
  show: (id: string, how: { replace: boolean; fromList: boolean }) => void;
  /** Takes it out of the address, without a step to go back to. */
  hide: () => void;
}

export function useDockedPanel({ open, attribute, show, hide }: DockedPanel) {
  const router = useRouter();
  const fromList = useRouterState({ select: (state) => state.location.state.fromList === true });
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  const focusPanel = useRef(false);
  const focusRowNext = useRef<string | null>(null);
  const listScrollY = useRef(0);
  const before = useRef(open);

  useEffect(() => {
    // Its files may still be on their way.
    if (open !== undefined && panel === null) return;
    const previous = before.current;
    before.current = open;
    if (open !== undefined) {
      if (focusPanel.current) panel?.focus({ preventScroll: true });
      focusPanel.current = false;
      if (previous !== open && !isDocked(panel)) {
        if (previous === undefined) listScrollY.current = window.scrollY;
        window.scrollTo({ top: 0 });
      }
    } else if (previous !== undefined) {
      if (listScrollY.current > 0) window.scrollTo({ top: listScrollY.current });
      listScrollY.current = 0;
      if (focusRowNext.current) focusRowOf(attribute, focusRowNext.current);
      focusRowNext.current = null;
    }
  }, [open, panel, attribute]);

  const go = (id: string, replace: boolean) =>
    show(id, { replace, fromList: fromList || open === undefined });

  return {
    panel: setPanel,
    /** The row's link was followed, so reading goes on in the panel. */
    followed: (id: string) => {
      if (id === open) panel?.focus({ preventScroll: true });
      else focusPanel.current = true;
    },
    open: (id: string) => go(id, open !== undefined),
    /** What had the focus is gone, so reading goes on in the panel. */
    focusIfLost: () => {
      if (document.activeElement === document.body) panel?.focus({ preventScroll: true });
    },
    /** To the next row or the one before; what is open follows. */
    step: (by: 1 | -1) => {
      // In place of the list the panel shows one after the other, and no lines of several.
      const onlyKeyed = open !== undefined && !isDocked(panel);
      const next = focusRow(attribute, by, { from: open, onlyKeyed });
      // A row that only unfolds is a button: it has the focus, and what is open stays.
      const id = next instanceof HTMLAnchorElement && next.getAttribute(attribute);
      if (open !== undefined && id) go(id, true);
    },
    close: ({ byKeyboard }: { byKeyboard: boolean }) => {
      if (open === undefined) return;
      if (byKeyboard) focusRowNext.current = open;
      if (fromList) router.history.back();
      else hide();
    },
  };
}

/** Beside the list, and not in its place. */
function isDocked(panel: HTMLElement | null): boolean {
  return panel !== null && getComputedStyle(panel).position === 'sticky';
}
