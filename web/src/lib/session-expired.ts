// Whether the server no longer knows the session while somebody is at work. The page stays as it is,
// with what was typed, and asks to sign in again.
import { useSyncExternalStore } from 'react';
import { onSessionEnd } from './session-end';

let expired = false;
const listeners = new Set<() => void>();

function change(next: boolean): void {
  if (expired === next) return;
  expired = next;
  for (const listener of listeners) listener();
}

export const reportExpired = () => change(true);
onSessionEnd(() => change(false));

export function useSessionExpired(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => expired,
  );
}
