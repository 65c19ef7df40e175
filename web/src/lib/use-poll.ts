// Repeats a request while the page is visible. The next one is timed from the moment the last one
// was answered, so a slow server is never asked twice at once.
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useEffectEvent } from 'react';

const POLL_MS = 2_000;
/** A server in trouble is asked less often. */
const POLL_AFTER_FAILURE_MS = 6_000;

interface PollOptions {
  enabled: boolean;
  /** A request is under way. */
  busy: boolean;
  /** The last one failed. */
  failed: boolean;
  intervalMs?: number;
}

export function usePoll(
  request: () => void,
  { enabled, busy, failed, intervalMs = POLL_MS }: PollOptions,
): void {
  const pauseMs = failed ? Math.max(intervalMs, POLL_AFTER_FAILURE_MS) : intervalMs;
  const visible = useDocumentVisibility() === 'visible';
  const run = useEffectEvent(request);
  useEffect(() => {
    if (!enabled || busy || !visible) return;
    const timer = window.setTimeout(() => run(), pauseMs);
    return () => window.clearTimeout(timer);
  }, [enabled, busy, visible, pauseMs]);
}
