import { lazy, Suspense, useRef, useState } from 'react';
import { liveStateOf } from '~/components/live-pill';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { useReturnFocus } from '~/lib/row-focus';
import { useOpener } from '~/lib/use-opener';
import { usePageTitle } from '~/lib/use-page-title';
import { useReader } from '~/lib/use-reader';
import { CallFilters } from './call-filters';
import { CallList } from './call-list';
import { CALL_LINK } from './call-words';
import { CallsHeader } from './calls-header';
import classes from './calls-page.module.css';
import { useColumns } from './columns';
import { ConversationList } from './conversation-list';
import { describeSearch } from './filter-words';
import { Results } from './results';
import { SearchBox } from './search-box';
import { type CallsSearch, canBeLive, hasFilter } from './search-params';
import { useCalls, useConversations } from './use-calls';
import { useCallsKeys } from './use-calls-keys';
import { useCallsView } from './use-calls-view';
import { useNames } from './use-facet';
import { VolumeChart } from './volume-chart';

// Rarely needed, and only then loaded.
const ExportDialog = lazy(async () => ({
  default: (await import('./export-dialog')).ExportDialog,
}));

export function CallsPage({ search }: { search: CallsSearch }) {
  const company = useCompany();
  const searchBox = useRef<HTMLInputElement>(null);
  const [liveWanted, setLiveWanted] = useState(true);
  const [exporting, setExporting] = useState(false);
  const opener = useOpener();
  const showExport = () => {
    opener.remember();
    setExporting(true);
  };
  const hideExport = () => {
    setExporting(false);
    opener.giveBack();
  };
  const live = liveWanted && canBeLive(search);
  const reader = useReader();
  const grouped = search.list === 'conversations';
  const calls = useCalls(search, { live, held: reader.reading, off: grouped });
  const conversations = useConversations(search, { live, held: reader.reading, off: !grouped });
  const list = grouped ? conversations : calls;
  const { page, rows, error, badQuery } = list;
  const view = useCallsView(search, list);
  const { columns, choose } = useColumns();
  const names = useNames(search);
  const words = { timeZone: company.timeZone, names };

  useReturnFocus(CALL_LINK, rows.length > 0);
  usePageTitle(describeSearch(search, words), 'Calls', company.name);

  const toggleLive = () => {
    setLiveWanted(canBeLive(search) ? !liveWanted : true);
    if (!canBeLive(search)) view.toFirstPage();
  };

  useCallsKeys({ search, view, live, toggleLive, showExport, searchBox });

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;

  const nothingEver = page !== null && rows.length === 0 && !list.stale && !hasFilter(search);
  return (
    <div className={classes.page}>
      <CallsHeader
        search={search}
        total={page?.totalCount ?? null}
        columns={columns}
        onColumns={choose}
        onList={view.list}
        live={liveStateOf({
          wanted: liveWanted,
          possible: canBeLive(search),
          failed: error !== undefined,
          link: list.link,
        })}
        onToggleLive={toggleLive}
        onExport={showExport}
      />
      <SearchBox ref={searchBox} search={search} problem={badQuery} onChange={view.changeText} />
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
      <Results {...{ search, list, view, words }}>
        {grouped ? (
          <ConversationList rows={conversations.rows} handlers={reader.handlers} />
        ) : (
          <CallList
            {...{ columns, search }}
            rows={calls.rows}
            handlers={reader.handlers}
            onShow={view.show}
            onSort={() => view.change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
          />
        )}
      </Results>
      {exporting && (
        <Suspense fallback={null}>
          <ExportDialog {...{ search, words }} onClose={hideExport} />
        </Suspense>
      )}
    </div>
  );
}
