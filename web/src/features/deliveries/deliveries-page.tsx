import { useState } from 'react';
import { liveStateOf } from '~/components/live-pill';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { maySeeDeliveries } from '~/lib/permissions';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/deliveries';
import classes from './deliveries-page.module.css';
import { DeliveryFilters } from './delivery-filters';
import { DeliveryPanel } from './delivery-panel';
import { describeSearch } from './filter-words';
import { DeliveryNumbers } from './numbers';
import { PageHeader } from './page-header';
import { RecheckDialog } from './recheck-dialog';
import { Results } from './results';
import { canBeLive, type DeliveriesSearch, hasFilter } from './search-params';
import { hasReceived, useDeliveries, useNumbers } from './use-deliveries';
import { useDeliveriesKeys } from './use-deliveries-keys';
import { usePages } from './use-pages';
import { usePanel } from './use-panel';
import { useRecheck } from './use-recheck';

export function DeliveriesPage({ search }: { search: DeliveriesSearch }) {
  const company = useCompany();
  const [liveWanted, setLiveWanted] = useState(true);
  const live = liveWanted && canBeLive(search);
  const list = useDeliveries(search, live);
  const { numbers, since, until, refresh: refreshNumbers } = useNumbers(search, live);
  const panel = usePanel(search.d);
  const pages = usePages(search, list);
  const recheck = useRecheck(
    list.latest.find(({ id }) => id === search.d),
    numbers?.endpoint?.recheckableCount ?? 0,
  );

  const everReceived = hasReceived(numbers);
  const nothingEver = numbers !== null && !everReceived && !hasFilter(search);

  usePageTitle(describeSearch(search, company.timeZone), words.deliveries, company.name);

  const toggleLive = () => {
    setLiveWanted(canBeLive(search) ? !liveWanted : true);
    if (!canBeLive(search)) pages.toFirstPage();
  };
  const rechecked = (newId: string | null) => {
    list.refresh();
    refreshNumbers();
    if (newId !== null && search.d !== undefined) panel.open(newId);
  };

  useDeliveriesKeys({ open: search.d, panel, pages, recheck, toggleLive });

  if (!maySeeDeliveries(company.viewerRole) || isForbidden(list.error)) {
    return <ForbiddenState companyName={company.name} />;
  }
  return (
    <div className={classes.layout} data-open={search.d !== undefined || undefined}>
      <div className={classes.page}>
        <PageHeader
          total={list.page?.totalCount ?? null}
          filtered={hasFilter(search)}
          live={liveStateOf({
            wanted: liveWanted,
            possible: canBeLive(search),
            failed: list.error !== undefined,
            link: list.link,
          })}
          onToggleLive={toggleLive}
          recheckable={recheck.count}
          onRecheck={recheck.all}
        />
        {!nothingEver && (
          <>
            <DeliveryNumbers {...{ numbers, since, until, search }} onChange={pages.change} />
            <DeliveryFilters search={search} onChange={pages.change} />
          </>
        )}
        {list.error && <ErrorBanner error={list.error} onRetry={list.refresh} />}
        <Results {...{ search, list, everReceived, pages, panel }} />
      </div>
      {search.d !== undefined && (
        <DeliveryPanel
          id={search.d}
          ref={panel.panel}
          onClose={panel.close}
          onRecheck={() => search.d !== undefined && recheck.one(search.d)}
        />
      )}
      <RecheckDialog
        target={recheck.target}
        onClose={recheck.close}
        onClosed={panel.focusIfLost}
        onDone={rechecked}
      />
    </div>
  );
}
