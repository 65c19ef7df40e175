import { ListSkeleton, NoMatch } from '~/components/list-states';
import { Pager } from '~/components/pager';
import { CallList, type CallListProps } from './call-list';
import classes from './calls-page.module.css';
import { activeFilters, type Words } from './filter-words';
import { NoCallsEver } from './no-calls-ever';
import { type CallsSearch, hasFilter } from './search-params';
import type { CallRow, useCalls } from './use-calls';
import type { useCallsView } from './use-calls-view';

interface ResultsProps {
  search: CallsSearch;
  list: ReturnType<typeof useCalls>;
  view: ReturnType<typeof useCallsView>;
  rows: CallRow[];
  /** New calls that are not shown yet. */
  waiting: number;
  release: () => void;
  words: Words;
  handlers: CallListProps['handlers'];
}

export function Results(props: ResultsProps) {
  const { search, list, view, rows, waiting, release, words, handlers } = props;
  const { page, stale, error, badQuery } = list;
  const empty = page !== null && rows.length === 0 && !stale;
  const filtered = hasFilter(search);
  const showNew = () => {
    release();
    window.scrollTo({ top: 0 });
  };
  return (
    <div className={classes.results} aria-busy={stale || page === null} data-stale={stale}>
      {waiting > 0 && (
        <button type="button" className={classes.newCalls} onClick={showNew}>
          {waiting === 1 ? '1 new call' : `${waiting} new calls`}
        </button>
      )}
      {page === null && !error && !badQuery && <ListSkeleton />}
      {empty && !filtered && <NoCallsEver />}
      {empty && filtered && (
        <NoMatch
          title="No call matches"
          filters={activeFilters(search, words)}
          onShow={view.show}
        />
      )}
      {rows.length > 0 && (
        <CallList
          rows={rows}
          oldestFirst={search.sort === 'oldest'}
          onSort={() => view.change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
          handlers={handlers}
        />
      )}
      {rows.length > 0 && (
        <Pager
          first={rows[0]?.dateStarted}
          last={rows.at(-1)?.dateStarted}
          newer={view.newer && view.linkTo(view.newer)}
          older={view.older && view.linkTo(view.older)}
        />
      )}
    </div>
  );
}
