import { Button, Loader } from '@mantine/core';
import { errorCode } from '~/lib/graphql-error';
import { NO_RANGE, rangeMs } from '~/lib/time-range';
import * as words from '~/words/calls';
import classes from './calls-page.module.css';
import type { CallsSearch } from './search-params';
import type { FoundList } from './use-calls';
import type { useCallsView } from './use-calls-view';

interface WaitingProps {
  search: CallsSearch;
  list: Pick<FoundList, 'cancelled' | 'cancel' | 'resume' | 'error'>;
  slow: boolean;
  view: Pick<ReturnType<typeof useCallsView>, 'change'>;
}

/** For answers that take long, or too long: that they do, and what can be done about it. */
export function Waiting({ search, list, view, slow }: WaitingProps) {
  // The server gives up a question that would keep it busy; a shorter time may be quick to look through.
  const gaveUp = errorCode(list.error) === 'UNAVAILABLE';
  const isLong = search.range ? rangeMs(search.range) > rangeMs('7d') : !search.from;
  const shorter = isLong && (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => view.change({ ...NO_RANGE, range: '7d' })}
    >
      {words.onlyLast7Days}
    </Button>
  );
  return (
    <div role="status">
      {slow && (
        <div className={classes.waiting}>
          <Loader size={14} color="gray" aria-hidden /> {words.stillSearching}
          <Button size="compact-sm" variant="default" onClick={list.cancel}>
            {words.cancel}
          </Button>
          {shorter}
        </div>
      )}
      {list.cancelled && (
        <div className={classes.waiting}>
          {words.searchCancelled}
          <Button size="compact-sm" variant="default" onClick={list.resume}>
            {words.searchAgain}
          </Button>
          {shorter}
        </div>
      )}
      {gaveUp && shorter && (
        <div className={classes.waiting}>
          {words.shorterMayBeQuicker} {shorter}
        </div>
      )}
    </div>
  );
}
