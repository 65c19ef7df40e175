import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useRef, useState } from 'react';
import { ListSkeleton } from '~/components/list-states';
import { liveStateOf } from '~/components/live-pill';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { useReturnFocus } from '~/lib/row-focus';
import { useIdleLoad } from '~/lib/use-idle-load';
import { useOpener } from '~/lib/use-opener';
import { usePageTitle } from '~/lib/use-page-title';
import { useReader } from '~/lib/use-reader';
import * as words from '~/words/calls';
import { CallFilters } from './call-filters';
import { CallList } from './call-list';
import { CALL_LINK } from './call-words';
import { CallsHeader } from './calls-header';
import classes from './calls-page.module.css';
import { PEEK_COLUMNS } from './columns';
import { loadFacetChoices } from './facet-filter';
import { describeSearch } from './filter-words';
import { loadCallPeek, PeekLayout } from './peek-layout';
import { Results } from './results';
import { SearchBox } from './search-box';
import { type CallsSearch, canBeLive, hasFilter } from './search-params';
import { useCalls, useConversations } from './use-calls';
import { useCallsKeys } from './use-calls-keys';
import { useCallsView } from './use-calls-view';
import { useNames } from './use-facet';
import { usePeek } from './use-peek';
import { useViews } from './use-views';
import { VolumeChart } from './volume-chart';

const ViewStrip = lazy(async () => ({ default: (await import('./view-strip')).ViewStrip }));
// Not what one sees first.
const loadConversationList = () => import('./conversation-list');
const ConversationList = lazy(async () => ({
  default: (await loadConversationList()).ConversationList,
}));
const loadExportDialog = () => import('./export-dialog');
const ExportDialog = lazy(async () => ({ default: (await loadExportDialog()).ExportDialog }));

export function CallsPage({ search }: { search: CallsSearch }) {
  const company = useCompany();
  useIdleLoad(() => {
    void loadFacetChoices();
    void loadConversationList();
    void loadExportDialog();
    void loadCallPeek();
  });
  const searchBox = useRef<HTMLInputElement>(null);
  const [liveWanted, setLiveWanted] = useState(true);
  const opener = useOpener();
  const [exporting, exportDialog] = useDisclosure(false, {
    onOpen: opener.remember,
    onClose: opener.giveBack,
  });
  const live = liveWanted && canBeLive(search);
  const reader = useReader();
  const grouped = search.list === 'conversations';
  const peek = usePeek(search.call);
  const held = reader.reading || peek.shown !== undefined;
  const calls = useCalls(search, { live, held, off: grouped });
  const conversations = useConversations(search, { live, held, off: !grouped });
  const list = grouped ? conversations : calls;
  const { page, rows, error, badQuery } = list;
  const view = useCallsView(search, list);
  const views = useViews(search);
  const { columns } = views;
  const names = useNames(search);
  const known = { timeZone: company.timeZone, names };

  useReturnFocus(CALL_LINK, rows.length > 0);
  const question = describeSearch(search, known);
  const viewName = views.changed ? null : views.open?.name;
  usePageTitle(viewName ?? question, words.calls, company.name);

  const toggleLive = () => {
    setLiveWanted(canBeLive(search) ? !liveWanted : true);
    if (!canBeLive(search)) view.toFirstPage();
  };

  useCallsKeys({ search, view, peek, live, toggleLive, showExport: exportDialog.open, searchBox });

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;

  const nothingEver = page !== null && rows.length === 0 && !list.stale && !hasFilter(search);
  return (
    <PeekLayout peek={peek}>
      <CallsHeader
        search={search}
        total={page?.totalCount ?? null}
        columns={columns}
        onColumns={views.chooseColumns}
        onList={view.list}
        live={liveStateOf({
          wanted: liveWanted,
          possible: canBeLive(search),
          failed: error !== undefined,
          link: list.link,
        })}
        onToggleLive={toggleLive}
        onExport={exportDialog.open}
      />
      <div className={classes.views}>
        <Suspense fallback={null}>
          <ViewStrip {...{ search, views }} onShow={view.show} linkTo={view.linkTo} />
        </Suspense>
      </div>
      <SearchBox ref={searchBox} search={search} problem={badQuery} onChange={view.changeText} />
      <CallFilters search={search} names={names} onChange={view.change} />
      {!nothingEver && (
        <VolumeChart
          search={search}
          live={live}
          wait={list.unanswered}
          onZoom={view.zoomInto}
          canZoomOut={view.canZoomOut}
          onZoomOut={view.zoomOut}
        />
      )}
      {error && <ErrorBanner error={error} onRetry={list.refresh} />}
      <Results {...{ search, list, view, known }}>
        {grouped ? (
          <Suspense fallback={<ListSkeleton />}>
            <ConversationList
              rows={conversations.rows}
              older={conversations.older}
              squeezed={peek.squeezed}
              handlers={reader.handlers}
            />
          </Suspense>
        ) : (
          <CallList
            columns={peek.squeezed ? columns.filter((column) => PEEK_COLUMNS.has(column)) : columns}
            search={search}
            rows={calls.rows}
            older={calls.older}
            handlers={reader.handlers}
            onShow={view.show}
            onSort={() => view.change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
          />
        )}
      </Results>
      {exporting && (
        <Suspense fallback={null}>
          <ExportDialog {...{ search, known }} onClose={exportDialog.close} />
        </Suspense>
      )}
    </PeekLayout>
  );
}
