import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useCompany } from '~/lib/company';
import { shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/shell';
import classes from './company-shell.module.css';

/** One line above every page of a company that an owner has deleted, while there is time. */
export function EndBanner() {
  const company = useCompany();
  const zone = useTimeZone();
  if (company.deletedFrom === null) return null;
  return (
    <section className={classes.bar} data-bad aria-label={words.endBanner}>
      <TriangleAlert size={15} aria-hidden />
      <span className={classes.barText}>
        {words.companyEnds(company.name, shortDate(company.deletedFrom, zone))}{' '}
        {company.viewerMay.includes('DELETE_COMPANY') && (
          <Link to="/c/$company/settings/company" params={{ company: company.slug }}>
            {words.keepIt}
          </Link>
        )}
      </span>
    </section>
  );
}
