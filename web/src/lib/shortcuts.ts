// Single-key shortcuts by the character typed, not by key position, so `/` and `[` work on every
// keyboard layout. They never fire while someone is typing or while a dialog or menu is open, and whoever
// dictates or presses keys by accident can switch them off.
import { useEffect, useRef } from 'react';
import { isPaletteOpen } from './palette';
import { readRemembered, useRemembered } from './remembered';

/** A handler that answers `false` leaves the key to the browser. */
type Handler = (event: KeyboardEvent) => unknown;

/** Keys are characters (`/`, `j`) or two of them in turn (`g c`). */
export type Shortcuts = Record<string, Handler | undefined>;

const SEQUENCE_MS_MAX = 1_200;
const SWITCH = 'trunkline-shortcuts';

export function useShortcutSwitch() {
  return useRemembered(SWITCH, true);
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.role === 'textbox') return true;
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** A dialog or a menu, which has keys of its own; the palette counts already while it loads. */
function somethingIsOpen(): boolean {
  return isPaletteOpen() || document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

// What is on the page says which keys it knows, no two parts the same; one listener asks all of them,
// so that the second key of `g c` is never taken for a `c`.
const known = new Set<{ current: Shortcuts }>();
let first: string | null = null;
let firstAtMs = 0;

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (['Shift', 'CapsLock'].includes(event.key)) return;
  const before = event.timeStamp - firstAtMs < SEQUENCE_MS_MAX ? first : null;
  first = null;
  if (isTyping(event.target) || somethingIsOpen()) return;
  // Keys that write nothing, such as Escape, cannot be pressed by speech.
  if (event.key.length === 1 && !readRemembered(SWITCH, true)) return;
  const handler = (before !== null && find(`${before} ${event.key}`)) || find(event.key);
  if (!handler) {
    first = event.key;
    firstAtMs = event.timeStamp;
  } else if (handler(event) !== false) event.preventDefault();
}

function find(key: string): Handler | undefined {
  for (const { current } of known) if (current[key]) return current[key];
  return undefined;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    known.add(latest);
    if (known.size === 1) document.addEventListener('keydown', onKeyDown);
    return () => {
      known.delete(latest);
      if (known.size === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
