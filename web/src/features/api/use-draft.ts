// The query on the page and the one in the address: whichever is changed, the other follows.
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useCompany } from '~/lib/company';
import { draftOf, READY_QUERIES, type ReadyQuery, readyQuery } from './ready-queries';
import type { ApiSearch } from './search-params';
import { type Draft, packDraft, unpackDraft } from './shared-link';

const TYPING_PAUSE_MS = 400;
const FIRST = READY_QUERIES[0] as ReadyQuery;

export function useDraft(search: ApiSearch) {
  const company = useCompany();
  const navigate = useNavigate({ from: '/c/$company/api' });
  const { ready, q } = search;
  const [draft, setDraft] = useState<Draft>(() =>
    q === undefined
      ? draftOf(readyQuery(ready) ?? FIRST, company, new Date())
      : { query: '', variables: '' },
  );
  /** The ready query that this is, as long as nobody changed it. */
  const [name, setName] = useState(q === undefined ? (ready ?? FIRST.name) : null);
  const [unreadable, setUnreadable] = useState(false);
  // What this page itself wrote into the address needs no reading.
  const written = useRef<string | undefined>(undefined);

  const read = useEffectEvent(async (packed: string | undefined, wanted: string | undefined) => {
    if (packed !== undefined && packed === written.current) return;
    written.current = packed;
    const chosen = readyQuery(wanted) ?? FIRST;
    const found =
      packed === undefined ? draftOf(chosen, company, new Date()) : await unpackDraft(packed);
    // Something else may have been asked for meanwhile.
    if (written.current !== packed) return;
    setName(packed === undefined ? chosen.name : null);
    setUnreadable(found === null);
    if (found) setDraft(found);
  });
  useEffect(() => {
    void read(q, ready);
  }, [q, ready]);

  const write = useDebouncedCallback(async (next: Draft) => {
    const packed = await packDraft(next);
    written.current = packed;
    void navigate({ search: { q: packed }, replace: true, resetScroll: false });
  }, TYPING_PAUSE_MS);

  return {
    draft,
    name,
    /** The link held no query that can be read. */
    unreadable,
    change: (part: Partial<Draft>) => {
      const next = { ...draft, ...part };
      setDraft(next);
      setName(null);
      setUnreadable(false);
      write(next);
    },
    choose: (chosen: ReadyQuery) => {
      const next = draftOf(chosen, company, new Date());
      write.cancel();
      setDraft(next);
      setName(chosen.name);
      setUnreadable(false);
      void navigate({ search: { ready: chosen.name }, resetScroll: false });
      return next;
    },
  };
}
