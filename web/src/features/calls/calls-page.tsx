import { useRef, useState } from 'react';
import { LivePill, type LiveState } from '~/components/live-pill';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { useReturnFocus } from '~/lib/row-focus';
import { useLiveRows } from '~/lib/use-list-page';
import { usePageTitle } from '~/lib/use-page-title';
import { useReader } from '~/lib/use-reader';
import { CallFilters } from './call-filters';
import { CALL_LINK } from './call-words';
import classes from './calls-page.module.css';
import { countText } from './facets';
import { describeSearch } from './filter-words';
import { Results } from './results';
import { SearchBox } from './search-box';
import { type CallsSearch, canBeLive, hasFilter } from './search-params';
import { useCalls } from './use-calls';
import { useCallsKeys } from './use-calls-keys';
import { useCallsView } from './use-calls-view';
import { useNames } from './use-facet';
import { VolumeChart } from './volume-chart';

export function CallsPage({ search }: { search: CallsSearch }) {
  const company = useCompany();
  const searchBox = useRef<HTMLInputElement>(null);
  const [liveWanted, setLiveWanted] = useState(true);
  const live = liveWanted && canBeLive(search);
  const list = useCalls(search, live);
  const { page, error, badQuery } = list;
  const view = useCallsView(search, list);
  const reader = useReader();
  const { rows, waiting, release } = useLiveRows(list.key, list.latest, reader.reading);
  const names = useNames(search);
  const words = { timeZone: company.timeZone, names };

  useReturnFocus(CALL_LINK, rows.length > 0);
  usePageTitle(describeSearch(search, words), 'Calls', company.name);

  const toggleLive = () => {
    setLiveWanted(canBeLive(search) ? !liveWanted : true);
    if (!canBeLive(search)) view.toFirstPage();
  };

  useCallsKeys({ search, view, live, toggleLive, searchBox });

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;

  const filtered = hasFilter(search);
  const nothingEver = page !== null && rows.length === 0 && !list.stale && !filtered;
  return (
    <div className={classes.page}>
      <CallsHeader
        total={page?.totalCount ?? null}
        filtered={filtered}
        live={live ? (error ? 'lost' : 'live') : canBeLive(search) ? 'off' : 'elsewhere'}
        onToggleLive={toggleLive}
      />
      <SearchBox
        ref={searchBox}
        value={search.q ?? ''}
        problem={badQuery}
        onChange={view.changeText}
      />
      <CallFilters search={search} names={names} onChange={view.change} />
      {!nothingEver && (
        <VolumeChart
          search={search}
          live={live}
          onZoom={view.zoomInto}
          canZoomOut={view.canZoomOut}
          onZoomOut={view.zoomOut}
        />
      )}
      {error && <ErrorBanner error={error} onRetry={list.refresh} />}
      <Results
        {...{ search, list, view, rows, waiting, release, words }}
        handlers={reader.handlers}
      />
    </div>
  );
}

interface CallsHeaderProps {
  total: { value: number; exact: boolean } | null;
  filtered: boolean;
  live: LiveState;
  onToggleLive: () => void;
}

function CallsHeader({ total, filtered, live, onToggleLive }: CallsHeaderProps) {
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>Calls</h1>
      <span className={classes.count} role="status">
        {total && totalText(total, filtered)}
      </span>
      <LivePill state={live} what="calls" onToggle={onToggleLive} />
    </header>
  );
}

function totalText(total: { value: number; exact: boolean }, filtered: boolean): string {
  if (filtered) return `${countText(total)} matching`;
  return total.value === 1 && total.exact ? '1 call' : `${countText(total)} calls`;
}
