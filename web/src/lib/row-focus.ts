// The keyboard walks a list along its rows' links, which carry an attribute with the row's key.
import { useEffect } from 'react';

interface Walk {
  /** The row to go on from when none has the focus. */
  from?: string;
  /** Lines without a key of their own are stepped over. */
  onlyKeyed?: boolean;
}

/** A list of which only a part is in the page. */
interface Walker {
  /** Puts a row into the page. */
  show: (row: string) => void;
  has: (row: string) => boolean;
  next: (row: string, step: 1 | -1) => string | null;
}

const walkers = new Map<string, Walker>();

/** The list with these links knows its order itself; answers how to take that back. */
export function walkRowsBy(attribute: string, walker: Walker): () => void {
  walkers.set(attribute, walker);
  return () => {
    if (walkers.get(attribute) === walker) walkers.delete(attribute);
  };
}

/** Moves the focus by one row; from outside the list it goes on from `from`, or to the first in view. */
export function focusRow(attribute: string, step: 1 | -1, walk: Walk = {}): HTMLElement | null {
  const next = rowAfter(attribute, step, walk) ?? null;
  next?.focus();
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  return next;
}

function rowAfter(
  attribute: string,
  step: 1 | -1,
  { from, onlyKeyed = false }: Walk,
): HTMLElement | null | undefined {
  const links = [...document.querySelectorAll<HTMLElement>(`[${attribute}]`)].filter(
    (link) => !onlyKeyed || link.getAttribute(attribute) !== '',
  );
  const keyOf = (link: HTMLElement | undefined) => link?.getAttribute(attribute) ?? undefined;
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const current = focused >= 0 ? keyOf(links[focused]) : from;
  const place = focused >= 0 ? focused : links.findIndex((link) => keyOf(link) === current);
  const beside = place < 0 ? undefined : links[place + step];
  const walker = walkers.get(attribute);
  // What is beside it in the page is another row, or a part of one, which the list does not count.
  const counted = current !== undefined && walker?.has(current);
  if (counted && (beside === undefined || walker?.has(keyOf(beside) ?? ''))) {
    return rowOf(attribute, walker?.next(current, step) ?? null);
  }
  return place >= 0 ? beside : links.find((link) => link.getBoundingClientRect().top >= 0);
}

function rowOf(attribute: string, row: string | null): HTMLElement | null {
  if (row === null) return null;
  walkers.get(attribute)?.show(row);
  return document.querySelector(`[${attribute}="${CSS.escape(row)}"]`);
}

export function focusRowOf(attribute: string, key: string): void {
  const there = document.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(key)}"]`);
  if (there) there.focus({ preventScroll: true });
  // A list of which only a part is in the page puts the row there first, after it was drawn itself.
  else requestAnimationFrame(() => rowOf(attribute, key)?.focus({ preventScroll: true }));
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
