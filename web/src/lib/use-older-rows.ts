// A list that grows at its end: page by page, as far as somebody scrolls. What was read is kept for who
// comes back from a row, in this tab and until the page is loaded anew.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useMemo, useRef, useState } from 'react';
import { type AnyVariables, type Client, type CombinedError, useClient } from 'urql';
import { below, noOlderRows, type OlderRows, withChanged, withPage } from './older-rows';

const PAGE_ROWS = 100;
/** Questions whose rows are kept, the latest ones. */
const KEPT_MAX = 5;

interface Row {
  id: string;
}

interface Page<T extends Row> {
  nodes: T[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface OlderQuery<Data, Variables, T extends Row> {
  query: TypedDocumentNode<Data, Variables>;
  /** The question of the first page, as JSON: what is shown may answer an earlier one. */
  key: string;
  pageOf: (data: Data) => Page<T> | undefined;
  /** The rows of the first page, as they are shown. */
  head: T[];
  page: Page<T> | null;
}

const kept = new WeakMap<Client, Map<string, OlderRows<Row>>>();

function recall<T extends Row>(client: Client, key: string): OlderRows<T> | undefined {
  return kept.get(client)?.get(key) as OlderRows<T> | undefined;
}

function keep(client: Client, key: string, older: OlderRows<Row>): void {
  const all = kept.get(client) ?? new Map<string, OlderRows<Row>>();
  kept.set(client, all);
  // The latest stands last.
  all.delete(key);
  all.set(key, older);
  const [oldest] = all.keys();
  if (all.size > KEPT_MAX && oldest !== undefined) all.delete(oldest);
}

interface State<T extends Row> {
  key: string;
  older: OlderRows<T>;
  error: CombinedError | undefined;
}

export function useOlderRows<Data, Variables extends AnyVariables, T extends Row>({
  query,
  key,
  pageOf,
  head,
  page,
}: OlderQuery<Data, Variables, T>) {
  const client = useClient();
  const [stored, setStored] = useState<State<T> | null>(null);
  const [busy, setBusy] = useState(false);
  const reading = useRef<string | null>(null);
  let state = stored;
  if (state?.key !== key) {
    state = { key, older: recall<T>(client, key) ?? noOlderRows(head), error: undefined };
  }
  if (state.older.head !== head) state = { ...state, older: below(head, state.older) };
  if (state !== stored) setStored(state);

  const { older, error } = state;
  const cursor = older.next === null ? nextOf(page) : older.next.cursor;
  const rows = useMemo(
    () => (older.rows.length === 0 ? head : [...head, ...older.rows]),
    [head, older.rows],
  );

  const readOlder = async () => {
    // One at a time; an answer that comes when something else is asked is dropped.
    if (cursor === null || reading.current === key) return;
    reading.current = key;
    setBusy(true);
    const variables = { ...JSON.parse(key), first: PAGE_ROWS, after: cursor };
    delete variables.last;
    delete variables.before;
    const answer = await client
      .query<Data, AnyVariables>(query, variables, { requestPolicy: 'network-only' })
      .toPromise();
    if (reading.current !== key) return;
    reading.current = null;
    setBusy(false);
    const next = answer.data && pageOf(answer.data);
    setStored((now) => {
      if (now === null || now.key !== key) return now;
      if (!next) return { ...now, error: answer.error };
      const longer = withPage(now.older, next.nodes, nextOf(next));
      keep(client, key, longer);
      return { key, older: longer, error: undefined };
    });
  };

  const change = (changed: readonly T[]) =>
    setStored((now) => {
      if (now === null) return now;
      const older = withChanged(now.older, changed);
      if (older === now.older) return now;
      keep(client, now.key, older);
      return { ...now, older };
    });

  return { rows, hasOlder: cursor !== null, busy, failed: error, readOlder, change };
}

function nextOf(page: Page<Row> | null): string | null {
  return page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
}
