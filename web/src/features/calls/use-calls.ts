import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { CallsDocument, type CallsQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { errorCode } from '~/lib/graphql-error';
import { usePoll } from '~/lib/use-poll';
import { mergeLive } from './live-rows';
import { type CallsSearch, callsVariables } from './search-params';

export type CallPageData = NonNullable<CallsQuery['company']>['calls'];
export type CallRow = CallPageData['nodes'][number];

interface Loaded {
  key: string;
  page: CallPageData;
}

/** One and the same array, so that having no rows is not a change. */
const NO_ROWS: CallRow[] = [];

export function useCalls(search: CallsSearch, live: boolean) {
  const company = useCompany();
  const variables = useMemo(() => callsVariables(search, company), [search, company]);
  const key = JSON.stringify(variables);
  const [result, execute] = useQuery({
    query: CallsDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });

  // The last page that loaded stays on screen while the next one loads, and after an error.
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const answered = result.operation && JSON.stringify(result.operation.variables) === key;
  const page = answered && !result.error ? result.data?.company?.calls : undefined;
  if (page && (loaded?.key !== key || loaded.page !== page)) setLoaded({ key, page });

  const refresh = () => execute({ requestPolicy: 'network-only' });
  const error = answered ? result.error : undefined;
  const badQuery = error && errorCode(error) === 'BAD_QUERY' ? error : null;
  usePoll(refresh, {
    enabled: live && !badQuery,
    busy: result.fetching,
    failed: error !== undefined,
  });

  return {
    page: loaded?.page ?? null,
    latest: loaded?.page.nodes ?? NO_ROWS,
    key: loaded?.key ?? key,
    /** The rows on screen belong to an earlier search. */
    stale: loaded !== null && loaded.key !== key && !error,
    error: badQuery ? undefined : error,
    badQuery,
    refresh,
  };
}

/** Rows as the reader sees them: see `mergeLive`. */
export function useLiveRows(key: string, latest: CallRow[], held: boolean) {
  const [shown, setShown] = useState({ key, rows: latest });
  const merged = mergeLive(shown.rows, latest, held && shown.key === key);
  if (shown.key !== key || shown.rows !== merged.rows) setShown({ key, rows: merged.rows });
  return { ...merged, release: () => setShown({ key, rows: latest }) };
}
