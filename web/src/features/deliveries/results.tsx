import { ListSkeleton } from '~/components/list-states';
import { Pager } from '~/components/pager';
import { useLiveRows } from '~/lib/use-list-page';
import { useReader } from '~/lib/use-reader';
import * as words from '~/words/deliveries';
import classes from './deliveries-page.module.css';
import { DeliveryList } from './delivery-list';
import { NoDeliveries } from './no-deliveries';
import type { DeliveriesSearch } from './search-params';
import type { useDeliveries } from './use-deliveries';
import type { usePages } from './use-pages';
import type { usePanel } from './use-panel';

interface ResultsProps {
  search: DeliveriesSearch;
  list: ReturnType<typeof useDeliveries>;
  everReceived: boolean;
  pages: ReturnType<typeof usePages>;
  panel: ReturnType<typeof usePanel>;
}

export function Results({ search, list, everReceived, pages, panel }: ResultsProps) {
  const { page, stale, error } = list;
  const reader = useReader();
  const { rows, waiting, release } = useLiveRows(list.key, list.latest, reader.reading);
  const empty = page !== null && rows.length === 0 && !stale;
  const showNew = () => {
    release();
    window.scrollTo({ top: 0 });
  };
  return (
    <div className={classes.results} aria-busy={stale || page === null} data-stale={stale}>
      {waiting > 0 && (
        <button type="button" className={classes.newRows} onClick={showNew}>
          {words.newDeliveries(waiting)}
        </button>
      )}
      {page === null && !error && <ListSkeleton />}
      {empty && <NoDeliveries search={search} everReceived={everReceived} onShow={pages.show} />}
      {rows.length > 0 && (
        <>
          <DeliveryList
            rows={rows}
            handlers={reader.handlers}
            open={search.d}
            onOpen={panel.open}
            onFollow={panel.followed}
          />
          <Pager
            first={rows[0]?.receivedAt}
            last={rows.at(-1)?.receivedAt}
            newer={pages.newerLink}
            older={pages.olderLink}
          />
        </>
      )}
    </div>
  );
}
