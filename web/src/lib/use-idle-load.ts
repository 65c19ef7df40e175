import { useEffect, useEffectEvent } from 'react';

/**
 * Files that a page does not need at first are fetched when there is nothing else to do: so they are
 * there when they are asked for, also without a connection.
 */
export function useIdleLoad(load: () => void): void {
  const run = useEffectEvent(load);
  useEffect(() => {
    // Where the browser does not tell, they are fetched when they are needed.
    const handle = window.requestIdleCallback?.(() => run());
    return () => {
      if (handle !== undefined) window.cancelIdleCallback(handle);
    };
  }, []);
}
