import type { ReactNode } from 'react';
import { ListSkeleton } from '~/components/list-states';
import { useSlow } from '~/lib/use-slow';
import * as words from '~/words/calls';
import classes from './calls-page.module.css';
import type { Words } from './filter-words';
import { ListFoot } from './list-foot';
import { NoCallMatches } from './no-call-matches';
import { NoCallsEver } from './no-calls-ever';
import { type CallsSearch, hasFilter } from './search-params';
import type { FoundList } from './use-calls';
import type { useCallsView } from './use-calls-view';
import { Waiting } from './waiting';

interface ResultsProps {
  search: CallsSearch;
  list: FoundList;
  view: ReturnType<typeof useCallsView>;
  known: Words;
  /** The rows, when there are any. */
  children: ReactNode;
}

export function Results({ search, list, view, known, children }: ResultsProps) {
  const { page, rows, waiting, release, stale, error, badQuery } = list;
  const empty = page !== null && rows.length === 0 && !stale;
  const slow = useSlow(list.unanswered, list.asked);
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
          {search.list ? words.newConversations(waiting) : words.newCalls(waiting)}
        </button>
      )}
      <Waiting {...{ search, list, view, slow }} />
      {page === null && !error && !badQuery && !list.cancelled && <ListSkeleton />}
      {empty && !filtered && <NoCallsEver />}
      {empty && filtered && <NoCallMatches search={search} known={known} onShow={view.show} />}
      {rows.length > 0 && children}
      {rows.length > 0 && (
        <ListFoot
          first={rows[0]?.dateStarted}
          last={rows.at(-1)?.dateStarted}
          older={list.older}
          newer={view.newer && view.linkTo(view.newer)}
        />
      )}
    </div>
  );
}
