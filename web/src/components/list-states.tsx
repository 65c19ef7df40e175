import { Button, Skeleton, Stack } from '@mantine/core';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as words from '~/words/filters';
import classes from './list-states.module.css';
import { PageState } from './page-state';

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

interface NoMatchProps<Search> {
  title: string;
  /** Which of them is the cause, when that is known. */
  lead?: string;
  /** The filters that removed everything, each with the view without it and what that would show. */
  filters: { label: string; without: Search; gain?: string }[];
  onShow: (search: Search) => void;
  action?: ReactNode;
}

export function NoMatch<Search>(props: NoMatchProps<Search>) {
  const { title, filters, onShow, action } = props;
  const lead = filters.length === 1 ? words.oneFilter : words.allMustHold;
  return (
    <PageState title={title} level={2} action={action}>
      {props.lead ?? lead}
      <ul className={classes.filters}>
        {filters.map(({ label, without, gain }, index) => (
          // The same term may be there twice.
          <li key={`${label}|${index}`}>
            <Button
              variant="default"
              size="compact-sm"
              rightSection={<X size={13} aria-hidden />}
              aria-label={gain ? words.removeGaining(label, gain) : words.remove(label)}
              onClick={() => onShow(without)}
              maw={340}
            >
              <bdi className={classes.label}>{label}</bdi>{' '}
              {gain && <span className={classes.gain}>{gain}</span>}
            </Button>
          </li>
        ))}
      </ul>
    </PageState>
  );
}
