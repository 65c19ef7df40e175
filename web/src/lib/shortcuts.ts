// Single-key shortcuts by the character typed, not by key position, so `/` and `[` work on every
// keyboard layout. They never fire while someone is typing or while a dialog is open.
import { useEffect, useEffectEvent } from 'react';

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MS_MAX = 1_200;

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function dialogIsOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}

/** Keys are characters (`/`, `j`) or two of them in turn (`g c`). */
export function useShortcuts(shortcuts: Shortcuts): void {
  const handle = useEffectEvent((event: KeyboardEvent, first: string | null): string | null => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
    if (isTyping(event.target) || dialogIsOpen()) return null;
    const sequence = first === null ? null : shortcuts[`${first} ${event.key}`];
    const run = sequence ?? shortcuts[event.key];
    if (run) {
      event.preventDefault();
      run(event);
      return null;
    }
    return event.key;
  });

  useEffect(() => {
    let first: string | null = null;
    let firstAt = 0;
    const listener = (event: KeyboardEvent) => {
      const fresh = event.timeStamp - firstAt < SEQUENCE_MS_MAX ? first : null;
      first = handle(event, fresh);
      firstAt = event.timeStamp;
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
