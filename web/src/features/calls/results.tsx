import { ListSkeleton } from '~/components/list-states';
import { Pager } from '~/components/pager';
import { useSlow } from '~/lib/use-slow';
import { CallList, type CallListProps } from './call-list';
import classes from './calls-page.module.css';
import type { Column } from './columns';
import type { Words } from './filter-words';
import { NoCallMatches } from './no-call-matches';
import { NoCallsEver } from './no-calls-ever';
import { type CallsSearch, hasFilter } from './search-params';
import type { CallRow, useCalls } from './use-calls';
import type { useCallsView } from './use-calls-view';
import { Waiting } from './waiting';

interface ResultsProps {
  search: CallsSearch;
  list: ReturnType<typeof useCalls>;
  view: ReturnType<typeof useCallsView>;
  rows: CallRow[];
  /** New calls that are not shown yet. */
  waiting: number;
  release: () => void;
  words: Words;
  columns: readonly Column[];
  handlers: CallListProps['handlers'];
}

export function Results(props: ResultsProps) {
  const { search, list, view, rows, waiting, release, words, columns, handlers } = props;
  const { page, stale, error, badQuery } = list;
  const empty = page !== null && rows.length === 0 && !stale;
  const slow = useSlow(list.waiting, list.asked);
  // Rows that are of an earlier question are dimmed for a moment; for longer, words say what they are.
  const said = slow || list.cancelled;
  const filtered = hasFilter(search);
  const showNew = () => {
    release();
    window.scrollTo({ top: 0 });
  };
  return (
    <div className={classes.results} aria-busy={stale || page === null} data-stale={stale && !said}>
      {waiting > 0 && (
        <button type="button" className={classes.newCalls} onClick={showNew}>
          {waiting === 1 ? '1 new call' : `${waiting} new calls`}
        </button>
      )}
      <Waiting {...{ search, list, view, slow }} />
      {page === null && !error && !badQuery && !list.cancelled && <ListSkeleton />}
      {empty && !filtered && <NoCallsEver />}
      {empty && filtered && <NoCallMatches search={search} words={words} onShow={view.show} />}
      {rows.length > 0 && (
        <CallList
          {...{ rows, columns, search, handlers }}
          onShow={view.show}
          onSort={() => view.change({ sort: search.sort === 'oldest' ? undefined : 'oldest' })}
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
