import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCompany } from '~/lib/company';
import { dateAndTime } from '~/lib/time';
import classes from './pager.module.css';
import type { CallsSearch } from './search-params';
import type { CallRow } from './use-calls';

interface PagerProps {
  rows: CallRow[];
  newer: CallsSearch | null;
  older: CallsSearch | null;
}

/** The place in a long list is a time, not a page number: pages have none when read by cursor. */
export function Pager({ rows, newer, older }: PagerProps) {
  const { timeZone } = useCompany();
  const first = rows[0]?.dateStarted;
  const last = rows.at(-1)?.dateStarted;
  return (
    <nav className={classes.pager} aria-label="Pages">
      <span className={classes.place}>
        {first && last && (
          <>
            {dateAndTime(first, timeZone)} – {dateAndTime(last, timeZone)}
          </>
        )}
      </span>
      <PageLink to={newer}>
        <ChevronLeft size={15} aria-hidden /> Newer
      </PageLink>
      <PageLink to={older}>
        Older <ChevronRight size={15} aria-hidden />
      </PageLink>
    </nav>
  );
}

function PageLink({ to, children }: { to: CallsSearch | null; children: ReactNode }) {
  const { slug } = useCompany();
  if (!to) {
    return (
      <span className={classes.link} data-off>
        {children}
      </span>
    );
  }
  return (
    <Link to="/c/$company/calls" params={{ company: slug }} search={to} className={classes.link}>
      {children}
    </Link>
  );
}
