// The saved views of the company, the one that is open, and whether it was changed since it was saved.
import { useMemo } from 'react';
import { SavedViewsDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { useKeptQuery } from '~/lib/use-kept-query';
import { useColumns } from './columns';
import type { CallsSearch } from './search-params';
import { isSameView, keptViews } from './views';

export function useViews(search: CallsSearch) {
  const company = useCompany();
  const { kept, error, refresh } = useKeptQuery({
    query: SavedViewsDocument,
    variables: { company: company.id },
    pick: (data) => data.company?.savedViews,
  });
  const views = useMemo(() => (kept ? keptViews(kept) : null), [kept]);
  const open = views?.find(({ id }) => id === search.view) ?? null;
  const columns = useColumns(open);
  return {
    ...columns,
    /** `null` until they are there. */
    views,
    open,
    changed: open !== null && !isSameView({ search, columns: columns.columns }, open),
    /** An address names one that is not there for this person. */
    gone: search.view !== undefined && views !== null && open === null,
    failed: error !== undefined,
    refresh,
  };
}

export type Views = ReturnType<typeof useViews>;
