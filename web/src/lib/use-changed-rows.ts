// Rows that no page reads by itself change too, when the server tells that something of them did. They
// stay where they are: what no longer fits the question is shown as it is now, until the list is asked anew.
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { NOTHING_TOLD, type Told, toReadAgain, withTold } from './changed-rows';
import { listen, type Topic } from './live-link';

const BURST_MS = 200;
const PACE_MS = 1_000;
const FAILED_PACE_MS = 6_000;

interface ChangedRows<T extends { id: string }> {
  /** Rows of another question may have been kept for long. */
  key: string;
  topic: Topic;
  /** While it is not, what changes is remembered and read afterwards. */
  enabled: boolean;
  /** Further rows are on their way. */
  busy: boolean;
  rows: readonly T[];
  fresh: readonly T[];
  partsOf: (row: T) => readonly { id: string }[];
  /** As they are now; `null` when that could not be read. */
  readAgain: (rows: readonly T[]) => Promise<readonly T[] | null>;
  onRead: (rows: readonly T[]) => void;
}

export function useChangedRows<T extends { id: string }>(options: ChangedRows<T>): void {
  const { key, topic, enabled, busy, rows, fresh, partsOf, readAgain, onRead } = options;
  const wanted = JSON.stringify(topic);
  const visible = useDocumentVisibility() === 'visible';
  const told = useRef<Told>(NOTHING_TOLD);
  const notBefore = useRef(0);
  const dueAt = useRef<number | null>(null);
  const [count, setCount] = useState(0);
  const [reading, setReading] = useState(false);

  const notice = useEffectEvent((id: string | undefined) => {
    told.current = withTold(told.current, id);
    // Nothing is drawn again for a list of one page.
    if (rows !== fresh) setCount((before) => before + 1);
  });
  useEffect(() => listen(JSON.parse(wanted) as Topic, (id) => notice(id)), [wanted]);

  const onKey = useEffectEvent((_key: string) => {
    if (rows !== fresh) notice(undefined);
  });
  useEffect(() => onKey(key), [key]);

  const run = useEffectEvent(async () => {
    dueAt.current = null;
    const { now, later } = toReadAgain(told.current, { rows, fresh, partsOf });
    told.current = later;
    if (now.length === 0) return;
    setReading(true);
    const read = await readAgain(now);
    notBefore.current = Date.now() + (read ? PACE_MS : FAILED_PACE_MS);
    if (read) onRead(read);
    else for (const { id } of now) told.current = withTold(told.current, id);
    setReading(false);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told, and other rows, are reasons to look again
  useEffect(() => {
    const nothing = told.current.ids.size === 0 && !told.current.more;
    if (!enabled || busy || reading || !visible || nothing) return;
    dueAt.current ??= Math.max(Date.now() + BURST_MS, notBefore.current);
    const timer = window.setTimeout(run, Math.max(0, dueAt.current - Date.now()));
    return () => window.clearTimeout(timer);
  }, [enabled, busy, reading, visible, count, rows, fresh]);
}
