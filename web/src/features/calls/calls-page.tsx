import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { errorCode, isForbidden } from '~/lib/graphql-error';
import { useShortcuts } from '~/lib/shortcuts';
import { usePageTitle } from '~/lib/use-page-title';
import { CallList, focusCall } from './call-list';
import classes from './calls-page.module.css';
import { FilterBar } from './filter-bar';
import { describeSearch } from './filter-words';
import { ListSkeleton, NoCallsEver, NoMatch } from './list-states';
import { LivePill } from './live-pill';
import { Pager } from './pager';
import { useReturnFocus } from './return-focus';
import { SearchBox } from './search-box';
import { type CallsSearch, canBeLive, changeFilter, hasFilter } from './search-params';
import { useCalls, useLiveRows } from './use-calls';
import { useReader } from './use-reader';

export function CallsPage({ search }: { search: CallsSearch }) {
  const company = useCompany();
  const navigate = useNavigate({ from: '/c/$company/calls/' });
  const searchBox = useRef<HTMLInputElement>(null);
  const [liveWanted, setLiveWanted] = useState(true);
  const live = liveWanted && canBeLive(search);
  const { page, latest, key, stale, error, badQuery, refresh } = useCalls(search, live);
  const reader = useReader();
  const { rows, waiting, release } = useLiveRows(key, latest, reader.reading);

  useReturnFocus(rows.length > 0);
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

  // Paging newer ends at a page that may hold few rows; the true first page takes its place. A
  // cursor that leads nowhere is dropped like any other bad parameter.
  const cursor = search.after ?? search.before;
  const atStart = search.before !== undefined && !stale && page?.pageInfo.hasPreviousPage === false;
  const badCursor =
    cursor !== undefined &&
    (errorCode(error) === 'BAD_CURSOR' || (!stale && page !== null && page.nodes.length === 0));
  useEffect(() => {
    if (!atStart && !badCursor) return;
    void navigate({
      search: (previous) => ({ ...previous, after: undefined, before: undefined }),
      replace: true,
    });
  }, [atStart, badCursor, navigate]);

  useShortcuts({
    '/': () => searchBox.current?.focus(),
    j: () => focusCall(1),
    k: () => focusCall(-1),
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
          onToggle={toggleLive}
        />
      </header>
      <SearchBox
        ref={searchBox}
        value={search.q ?? ''}
        problem={badQuery}
        onChange={(q) => show(changeFilter(search, { q: q || undefined }), true)}
      />
      <FilterBar search={search} onChange={change} />
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      <div className={classes.results} aria-busy={stale || page === null} data-stale={stale}>
        {waiting > 0 && (
          <button type="button" className={classes.newCalls} onClick={showNew}>
            {waiting === 1 ? '1 new call' : `${waiting} new calls`}
          </button>
        )}
        {page === null && !error && !badQuery && <ListSkeleton />}
        {empty && (filtered ? <NoMatch search={search} onShow={show} /> : <NoCallsEver />)}
        {rows.length > 0 && (
          <CallList
            rows={rows}
            oldestFirst={search.sort === 'oldest'}
            onSort={() => change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
            handlers={reader.handlers}
          />
        )}
        {rows.length > 0 && <Pager rows={rows} newer={newer} older={older} />}
      </div>
    </div>
  );
}

function countText(total: { value: number; exact: boolean }, filtered: boolean): string {
  const number = `${total.value.toLocaleString('en')}${total.exact ? '' : '+'}`;
  if (filtered) return `${number} matching`;
  return total.value === 1 && total.exact ? '1 call' : `${number} calls`;
}
