import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { NoMatch } from '~/components/list-states';
import { PageState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import * as words from '~/words/deliveries';
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
        title={words.noDeliveryMatches}
        filters={activeFilters(search, timeZone)}
        onShow={onShow}
        action={
          search.range === '90d' ? undefined : (
            <Button variant="default" size="xs" onClick={() => onShow(all)}>
              {words.searchLast90Days}
            </Button>
          )
        }
      />
    );
  }
  if (everReceived) {
    return (
      <PageState
        title={words.nothingInLast7Days}
        level={2}
        action={
          <Button variant="default" onClick={() => onShow(all)}>
            {words.showLast90Days}
          </Button>
        }
      >
        {words.sentBefore((text) => (
          <Link to="/c/$company/setup" params={{ company: slug }}>
            {text}
          </Link>
        ))}
      </PageState>
    );
  }
  return (
    <PageState
      title={words.noDeliveriesYet}
      level={2}
      action={
        <Link to="/c/$company/setup" params={{ company: slug }} className={classes.action}>
          {words.openSetUp}
        </Link>
      }
    >
      {words.whatIsListed}
    </PageState>
  );
}
