import { Button, Loader } from '@mantine/core';
import { NO_RANGE, rangeMs } from '~/lib/time-range';
import classes from './calls-page.module.css';
import type { CallsSearch } from './search-params';
import type { useCalls } from './use-calls';
import type { useCallsView } from './use-calls-view';

interface WaitingProps {
  search: CallsSearch;
  list: Pick<ReturnType<typeof useCalls>, 'cancelled' | 'cancel' | 'resume'>;
  slow: boolean;
  view: Pick<ReturnType<typeof useCallsView>, 'change'>;
}

/** For answers that take long: that they do, and what can be done about it. */
export function Waiting({ search, list, view, slow }: WaitingProps) {
  // Nobody knows beforehand how long all of the time, or a season of it, takes to look through.
  const isLong = search.range ? rangeMs(search.range) > rangeMs('7d') : !search.from;
  return (
    <div role="status">
      {(slow || list.cancelled) && (
        <div className={classes.waiting}>
          {slow && <Loader size={14} color="gray" aria-hidden />}
          {slow ? 'Still searching…' : 'The search was cancelled.'}
          {slow ? (
            <Button size="compact-sm" variant="default" onClick={list.cancel}>
              Cancel
            </Button>
          ) : (
            <Button size="compact-sm" variant="default" onClick={list.resume}>
              Search again
            </Button>
          )}
          {isLong && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => view.change({ ...NO_RANGE, range: '7d' })}
            >
              Only the last 7 days
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
