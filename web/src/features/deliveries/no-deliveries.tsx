import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { NoMatch } from '~/components/list-states';
import { PageState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import classes from './deliveries-page.module.css';
import { activeFilters } from './filter-words';
import { changeFilter, type DeliveriesSearch, hasFilter } from './search-params';

interface NoDeliveriesProps {
  search: DeliveriesSearch;
  /** Something has reached the Request URL before; unknown while the numbers load. */
  everReceived: boolean;
  onShow: (search: DeliveriesSearch) => void;
}

export function NoDeliveries({ search, everReceived, onShow }: NoDeliveriesProps) {
  const { slug, timeZone } = useCompany();
  const all = changeFilter(search, { range: '90d' });
  if (hasFilter(search)) {
    return (
      <NoMatch
        title="No delivery matches"
        filters={activeFilters(search, timeZone)}
        onShow={onShow}
        action={
          search.range === '90d' ? undefined : (
            <Button variant="default" size="xs" onClick={() => onShow(all)}>
              Search the last 90 days
            </Button>
          )
        }
      />
    );
  }
  if (everReceived) {
    return (
      <PageState
        title="Nothing in the last 7 days"
        level={2}
        action={
          <Button variant="default" onClick={() => onShow(all)}>
            Show the last 90 days
          </Button>
        }
      >
        Dialpad has sent something before. If you had calls since, look at the{' '}
        <Link to="/c/$company/setup" params={{ company: slug }}>
          set-up
        </Link>
        .
      </PageState>
    );
  }
  return (
    <PageState
      title="No deliveries yet"
      level={2}
      action={
        <Link to="/c/$company/setup" params={{ company: slug }} className={classes.action}>
          Open set-up
        </Link>
      }
    >
      Everything that is posted to your Request URL is listed here, also what is refused, with the
      reason.
    </PageState>
  );
}
