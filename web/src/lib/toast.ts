// One short sentence about what was just done, for actions that leave no other trace on the page.
import { useSyncExternalStore } from 'react';
import * as words from '~/words/lib';

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

/** Says that it is `done`, or why not: a browser may refuse. */
export async function copyAndSay(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(words.copyNotAllowed);
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
