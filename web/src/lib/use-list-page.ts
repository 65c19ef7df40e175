// One page of a list that is read by cursor: what was loaded last stays on screen while the next
// page loads and after an error, and a live page is read again whenever it changed.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { CombinedError } from '@urql/core';
import { useEffect, useEffectEvent, useState } from 'react';
import type { AnyVariables } from 'urql';
import { inPlace } from './changed-rows';
import { errorCode } from './graphql-error';
import type { Topic } from './live-link';
import { mergeLive } from './live-rows';
import { useKeptQuery } from './use-kept-query';
import { useLive } from './use-live';

export interface ListPage {
  nodes: { id: string }[];
  pageInfo: { hasPreviousPage: boolean };
}

interface ListQuery<Data, Variables, Page> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  pageOf: (data: Data) => Page | undefined;
  live: boolean;
  /** What its rows are made of. */
  topics: readonly Topic[];
  /** Nothing is asked for. */
  pause?: boolean;
}

export function useListPage<Data, Variables extends AnyVariables, Page extends ListPage>({
  query,
  variables,
  pageOf,
  live,
  topics,
  pause = false,
}: ListQuery<Data, Variables, Page>) {
  const { kept, fetching, ...list } = useKeptQuery({ query, variables, pick: pageOf, pause });
  const link = useLive(list.refresh, {
    topics,
    // A question the server cannot understand is not repeated.
    enabled: live && !pause && errorCode(list.error) !== 'BAD_QUERY',
    busy: fetching,
    failed: list.error !== undefined,
  });
  return { page: kept, link, ...list };
}

/** Rows as the reader sees them: see `mergeLive`. */
export function useLiveRows<Row extends { id: string }>(key: string, latest: Row[], held: boolean) {
  const [shown, setShown] = useState({ key, rows: latest });
  const merged = mergeLive(shown.rows, latest, held && shown.key === key);
  if (shown.key !== key || shown.rows !== merged.rows) setShown({ key, rows: merged.rows });
  return {
    ...merged,
    release: () => setShown({ key, rows: latest }),
    /** Rows that were read again, of which the latest page has none any more. */
    change: (changed: readonly Row[]) =>
      setShown((now) => {
        const rows = inPlace(now.rows, changed);
        return rows === now.rows ? now : { ...now, rows: [...rows] };
      }),
  };
}

interface Place {
  search: { after?: string; before?: string };
  page: ListPage | null;
  stale: boolean;
  error: CombinedError | undefined;
}

/**
 * Paging newer ends at a page that may hold few rows; the true first page takes its place. A cursor
 * that leads nowhere is dropped like any other bad parameter.
 */
export function useFirstPageInstead({ search, page, stale, error }: Place, show: () => void): void {
  const cursor = search.after ?? search.before;
  const atStart = search.before !== undefined && !stale && page?.pageInfo.hasPreviousPage === false;
  const badCursor =
    cursor !== undefined &&
    (errorCode(error) === 'BAD_CURSOR' || (!stale && page !== null && page.nodes.length === 0));
  const run = useEffectEvent(show);
  useEffect(() => {
    if (atStart || badCursor) run();
  }, [atStart, badCursor]);
}
