import { Button, Skeleton, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { PageState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { activeFilters } from './filter-words';
import classes from './list-states.module.css';
import type { CallsSearch } from './search-params';

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export function ListSkeleton() {
  return (
    <Stack gap={10} mt="md" aria-hidden>
      {SKELETON_ROWS.map((key) => (
        <Skeleton key={key} height={38} />
      ))}
    </Stack>
  );
}

export function NoCallsEver() {
  const { slug } = useCompany();
  return (
    <PageState
      title="No calls yet"
      level={2}
      action={
        <Link to="/c/$company/setup" params={{ company: slug }} className={classes.action}>
          Open set-up
        </Link>
      }
    >
      Calls appear here by themselves as soon as Dialpad sends the first event.
    </PageState>
  );
}

interface NoMatchProps {
  search: CallsSearch;
  onShow: (search: CallsSearch) => void;
}

export function NoMatch({ search, onShow }: NoMatchProps) {
  const filters = activeFilters(search);
  return (
    <PageState title="No call matches" level={2}>
      {filters.length === 1 ? 'This is what was asked for:' : 'All of these must hold. Remove one:'}
      <ul className={classes.filters}>
        {filters.map(({ label, without }, index) => (
          // The same term may be there twice.
          <li key={`${label}|${index}`}>
            <Button
              variant="default"
              size="compact-sm"
              rightSection={<X size={13} aria-hidden />}
              aria-label={`Remove ${label}`}
              onClick={() => onShow(without)}
              maw={280}
            >
              <bdi className={classes.label}>{label}</bdi>
            </Button>
          </li>
        ))}
      </ul>
    </PageState>
  );
}
