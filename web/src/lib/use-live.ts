// What is shown is read again when the server tells that it changed, and from time to time while it
// cannot be told.
import { useDocumentVisibility } from '@mantine/hooks';
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { type LinkState, linkState, listen, type Topic, watchLink } from './live-link';
import { usePoll } from './use-poll';

/** Changes come in bursts, several of one call: they are read together. */
const BURST_MS = 200;
const PACE_MS = 1_000;

interface LiveOptions {
  /** What it is made of. */
  topics: readonly Topic[];
  /** While it is not, what changes is remembered and read afterwards. */
  enabled: boolean;
  /** A reading is under way. */
  busy: boolean;
  /** The last one failed. */
  failed: boolean;
  /** It is not read again sooner after the last time. */
  paceMs?: number;
  /** How often it is read while nothing is told. */
  pollMs?: number;
}

export function useLive(read: () => void, options: LiveOptions): LinkState {
  const { topics, enabled, busy, failed, paceMs = PACE_MS, pollMs } = options;
  const wanted = JSON.stringify(topics);
  const [told, setTold] = useState(0);
  const seen = useRef({ told: 0, atMs: 0 });
  const visible = useDocumentVisibility() === 'visible';
  const link = useSyncExternalStore(
    watchLink,
    useCallback(() => linkState(JSON.parse(wanted) as Topic[]), [wanted]),
  );
  const run = useEffectEvent(read);

  useEffect(() => {
    const notice = () => setTold((count) => count + 1);
    const stops = (JSON.parse(wanted) as Topic[]).map((topic) => listen(topic, notice));
    return () => {
      for (const stop of stops) stop();
    };
  }, [wanted]);

  useEffect(() => {
    if (!enabled || busy || !visible || told === seen.current.told) return;
    const waitMs = Math.max(BURST_MS, seen.current.atMs + paceMs - Date.now());
    const timer = window.setTimeout(() => {
      seen.current = { told, atMs: Date.now() };
      run();
    }, waitMs);
    return () => window.clearTimeout(timer);
  }, [enabled, busy, visible, told, paceMs]);

  usePoll(read, {
    enabled: enabled && (failed || (link !== 'on' && link !== 'sampled')),
    busy,
    failed,
    intervalMs: pollMs,
  });
  return link;
}
