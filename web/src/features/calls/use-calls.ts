import { useMemo, useState } from 'react';
import { CallsDocument, type CallsQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { errorCode } from '~/lib/graphql-error';
import { useListPage } from '~/lib/use-list-page';
import { type CallsSearch, callsVariables } from './search-params';

export type CallPageData = NonNullable<CallsQuery['company']>['calls'];
export type CallRow = CallPageData['nodes'][number];

/** One and the same array, so that having no rows is not a change. */
const NO_ROWS: CallRow[] = [];

export function useCalls(search: CallsSearch, live: boolean) {
  const company = useCompany();
  const variables = useMemo(() => callsVariables(search, company), [search, company]);
  const asked = JSON.stringify(variables);
  const [given, giveUp] = useState<string | null>(null);
  const cancelled = given === asked;
  const { error, ...list } = useListPage({
    query: CallsDocument,
    variables,
    pageOf: (data) => data.company?.calls,
    live,
    pause: cancelled,
  });
  const badQuery = error && errorCode(error) === 'BAD_QUERY' ? error : null;
  return {
    ...list,
    latest: list.page?.nodes ?? NO_ROWS,
    error: badQuery ? undefined : error,
    badQuery,
    /** The question of now, and whether its first answer has not come. */
    asked,
    waiting: !cancelled && !error && (list.page === null || list.stale),
    cancelled,
    cancel: () => giveUp(asked),
    resume: () => giveUp(null),
  };
}
