import { Button, Loader } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import { rowsLabel } from '~/lib/time-span';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/calls';
import classes from './list-foot.module.css';
import type { FoundList } from './use-calls';

interface ListFootProps {
  /** When the first and the last row that is there happened. */
  first: string | null | undefined;
  last: string | null | undefined;
  older: FoundList['older'];
  /** The page before, for who came by a link into the middle. */
  newer: LinkProps | null;
}

/** Where the list is in time, and that it goes on; it does so by itself for who scrolls. */
export function ListFoot({ first, last, older, newer }: ListFootProps) {
  const timeZone = useTimeZone();
  return (
    <nav className={classes.foot} aria-label={words.pages}>
      <span className={classes.place}>{first && last && rowsLabel(first, last, timeZone)}</span>
      <span role="status" className={classes.state}>
        {older.busy && (
          <>
            <Loader size={13} color="gray" aria-hidden /> {words.loadingMore}
          </>
        )}
        {older.failed && !older.busy && words.moreNotLoaded}
        {!older.hasOlder && words.thatIsAll}
      </span>
      {newer && (
        <Link {...newer} className={classes.newer}>
          {words.newer}
        </Link>
      )}
      {older.hasOlder && !older.busy && (
        <Button size="compact-sm" variant="default" onClick={() => void older.readOlder()}>
          {older.failed ? words.tryAgain : words.loadMore}
        </Button>
      )}
    </nav>
  );
}
