// The keyboard walks a list along its rows' links, which carry an attribute with the row's key.
import { useEffect } from 'react';

interface Walk {
  /** The row to go on from when none has the focus. */
  from?: string;
  /** Lines without a key of their own are stepped over. */
  onlyKeyed?: boolean;
}

/** Moves the focus by one row; from outside the list it goes on from `from`, or to the first in view. */
export function focusRow(
  attribute: string,
  step: 1 | -1,
  { from, onlyKeyed = false }: Walk = {},
): HTMLElement | null {
  const links = [...document.querySelectorAll<HTMLElement>(`[${attribute}]`)].filter(
    (link) => !onlyKeyed || link.getAttribute(attribute) !== '',
  );
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const current =
    focused >= 0 ? focused : links.findIndex((link) => link.getAttribute(attribute) === from);
  const next =
    current >= 0
      ? links[current + step]
      : links.find((link) => link.getBoundingClientRect().top >= 0);
  next?.focus();
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  return next ?? null;
}

export function focusRowOf(attribute: string, key: string): void {
  const link = document.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(key)}"]`);
  link?.focus({ preventScroll: true });
}

// Who leaves a call by keyboard comes back to its row. By mouse the list is left alone: a focused
// row would hold back new calls.
let wanted: string | null = null;

export function returnFocusTo(key: string): void {
  wanted = key;
}

export function useReturnFocus(attribute: string, rowsAreThere: boolean): void {
  useEffect(() => {
    if (!rowsAreThere || wanted === null) return;
    focusRowOf(attribute, wanted);
    wanted = null;
  }, [attribute, rowsAreThere]);
}
