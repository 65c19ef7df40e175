import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { rowsLabel } from '~/lib/time-span';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/components';
import classes from './pager.module.css';

interface PagerProps {
  /** When the first and the last row on the page happened. */
  first: string | null | undefined;
  last: string | null | undefined;
  newer: LinkProps | null;
  older: LinkProps | null;
}

/** The place in a long list is a time, not a page number: pages have none when read by cursor. */
export function Pager({ first, last, newer, older }: PagerProps) {
  const timeZone = useTimeZone();
  return (
    <nav className={classes.pager} aria-label={words.pages}>
      <span className={classes.place}>{first && last && rowsLabel(first, last, timeZone)}</span>
      <PageLink to={newer}>
        <ChevronLeft size={15} aria-hidden /> {words.newer}
      </PageLink>
      <PageLink to={older}>
        {words.older} <ChevronRight size={15} aria-hidden />
      </PageLink>
    </nav>
  );
}

function PageLink({ to, children }: { to: LinkProps | null; children: ReactNode }) {
  if (!to) {
    return (
      <span className={classes.link} data-off>
        {children}
      </span>
    );
  }
  return (
    <Link {...to} className={classes.link}>
      {children}
    </Link>
  );
}
