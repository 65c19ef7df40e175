// Whether the command palette is open, and for what: any part of a page may open it.
import { useSyncExternalStore } from 'react';
import type { CommandGroup } from './commands';

/** Only the commands of one group, or all there is to find. */
export type PaletteScope = CommandGroup | 'all';

let scope: PaletteScope | null = null;
const listeners = new Set<() => void>();

function change(next: PaletteScope | null): void {
  scope = next;
  for (const listener of listeners) listener();
}

export const openPalette = (wanted: PaletteScope = 'all') => change(wanted);
export const closePalette = () => change(null);
export const isPaletteOpen = () => scope !== null;

export function usePaletteScope(): PaletteScope | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => scope,
  );
}
