import { useEffect, useState } from 'react';

const SLOW_MS = 3_000;

/** Whether the same thing is waited for so long that people wonder. */
export function useSlow(waiting: boolean, key: string): boolean {
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    if (!waiting) return;
    const timer = window.setTimeout(() => setSlow(key), SLOW_MS);
    return () => {
      window.clearTimeout(timer);
      setSlow(null);
    };
  }, [waiting, key]);
  return waiting && slow === key;
}
