// One short sentence about what was just done, for actions that leave no other trace on the page.
import { useSyncExternalStore } from 'react';

const SHOWN_MS = 2_600;

let shown = '';
let timer: number | undefined;
const listeners = new Set<() => void>();

function change(text: string): void {
  shown = text;
  for (const listener of listeners) listener();
}

export function say(text: string): void {
  window.clearTimeout(timer);
  change(text);
  timer = window.setTimeout(() => change(''), SHOWN_MS);
}

/** Says whether it worked: a browser may refuse. */
export async function copyAndSay(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied ${what}`);
  } catch {
    say('Copying is not allowed here');
  }
}

export function useToast(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
