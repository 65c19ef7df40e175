import { linkOptions, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ListSkeleton, NoMatch } from '~/components/list-states';
import { LivePill } from '~/components/live-pill';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { Pager } from '~/components/pager';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { focusRow, useReturnFocus } from '~/lib/row-focus';
import { useShortcuts } from '~/lib/shortcuts';
import { useFirstPageInstead, useLiveRows } from '~/lib/use-list-page';
import { usePageTitle } from '~/lib/use-page-title';
import { useReader } from '~/lib/use-reader';
import { CallFilters } from './call-filters';
import { CallList } from './call-list';
import { CALL_LINK } from './call-words';
import classes from './calls-page.module.css';
import { activeFilters, describeSearch } from './filter-words';
import { NoCallsEver } from './no-calls-ever';
import { SearchBox } from './search-box';
import { type CallsSearch, canBeLive, changeFilter, hasFilter } from './search-params';
import { useCalls } from './use-calls';

export function CallsPage({ search }: { search: CallsSearch }) {
  const company = useCompany();
  const navigate = useNavigate({ from: '/c/$company/calls/' });
  const searchBox = useRef<HTMLInputElement>(null);
  const [liveWanted, setLiveWanted] = useState(true);
  const live = liveWanted && canBeLive(search);
  const { page, latest, key, stale, error, badQuery, refresh } = useCalls(search, live);
  const reader = useReader();
  const { rows, waiting, release } = useLiveRows(key, latest, reader.reading);

  useReturnFocus(CALL_LINK, rows.length > 0);
  usePageTitle(describeSearch(search), 'Calls', company.name);

  const show = (next: CallsSearch, replace = false) =>
    void navigate({ search: next, replace, resetScroll: true });
  const change = (part: CallsSearch) => show(changeFilter(search, part));
  const toFirstPage = () =>
    show({ ...search, after: undefined, before: undefined, sort: undefined });
  const newer = page?.pageInfo.hasPreviousPage
    ? { ...search, after: undefined, before: page.pageInfo.startCursor ?? undefined }
    : null;
  const older = page?.pageInfo.hasNextPage
    ? { ...search, before: undefined, after: page.pageInfo.endCursor ?? undefined }
    : null;

  const pageLink = (to: CallsSearch) =>
    linkOptions({ to: '/c/$company/calls', params: { company: company.slug }, search: to });

  const toggleLive = () => {
    if (canBeLive(search)) setLiveWanted(!liveWanted);
    else {
      setLiveWanted(true);
      toFirstPage();
    }
  };
  const showNew = () => {
    release();
    window.scrollTo({ top: 0 });
  };

  useFirstPageInstead(
    { search, page, stale, error },
    () => void navigate({ search: ({ after, before, ...rest }) => rest, replace: true }),
  );

  useShortcuts({
    '/': () => searchBox.current?.focus(),
    j: () => focusRow(CALL_LINK, 1),
    k: () => focusRow(CALL_LINK, -1),
    '[': () => newer && show(newer),
    ']': () => older && show(older),
    l: toggleLive,
    Escape: () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  });

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;

  const filtered = hasFilter(search);
  const empty = page !== null && rows.length === 0 && !stale;

  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Calls</h1>
        <span className={classes.count} role="status">
          {page && countText(page.totalCount, filtered)}
        </span>
        <LivePill
          state={live ? (error ? 'lost' : 'live') : canBeLive(search) ? 'off' : 'elsewhere'}
          what="calls"
          onToggle={toggleLive}
        />
      </header>
      <SearchBox
        ref={searchBox}
        value={search.q ?? ''}
        problem={badQuery}
        onChange={(q) => show(changeFilter(search, { q: q || undefined }), true)}
      />
      <CallFilters search={search} onChange={change} />
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      <div className={classes.results} aria-busy={stale || page === null} data-stale={stale}>
        {waiting > 0 && (
          <button type="button" className={classes.newCalls} onClick={showNew}>
            {waiting === 1 ? '1 new call' : `${waiting} new calls`}
          </button>
        )}
        {page === null && !error && !badQuery && <ListSkeleton />}
        {empty && !filtered && <NoCallsEver />}
        {empty && filtered && (
          <NoMatch title="No call matches" filters={activeFilters(search)} onShow={show} />
        )}
        {rows.length > 0 && (
          <CallList
            rows={rows}
            oldestFirst={search.sort === 'oldest'}
            onSort={() => change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
            handlers={reader.handlers}
          />
        )}
        {rows.length > 0 && (
          <Pager
            first={rows[0]?.dateStarted}
            last={rows.at(-1)?.dateStarted}
            newer={newer && pageLink(newer)}
            older={older && pageLink(older)}
          />
        )}
      </div>
    </div>
  );
}

function countText(total: { value: number; exact: boolean }, filtered: boolean): string {
  const number = `${total.value.toLocaleString('en')}${total.exact ? '' : '+'}`;
  if (filtered) return `${number} matching`;
  return total.value === 1 && total.exact ? '1 call' : `${number} calls`;
}
