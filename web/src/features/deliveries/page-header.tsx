import { Button } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import { LivePill, type LiveState } from '~/components/live-pill';
import * as words from '~/words/deliveries';
import { number } from '~/words/language';
import classes from './deliveries-page.module.css';
import { recheckText } from './recheck-dialog';

interface PageHeaderProps {
  total: { value: number; exact: boolean } | null;
  filtered: boolean;
  live: LiveState;
  onToggleLive: () => void;
  /** How many deliveries a re-check would look at; 0 for roles that may not ask for one. */
  recheckable: number;
  onRecheck: () => void;
}

export function PageHeader(props: PageHeaderProps) {
  const { total, filtered, live, onToggleLive, recheckable, onRecheck } = props;
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{words.deliveries}</h1>
      <span className={classes.count} role="status">
        {total && (
          <>
            {number(total.value)}
            {!total.exact && '+'}
            {filtered && <span className={classes.long}> {words.matching}</span>}
          </>
        )}
      </span>
      <span className={classes.tools}>
        {recheckable > 0 && (
          <Button
            variant="default"
            size="xs"
            radius="xl"
            leftSection={<RotateCw size={14} aria-hidden />}
            onClick={onRecheck}
            aria-label={recheckText({ count: recheckable })}
          >
            <span className={classes.long}>{recheckText({ count: recheckable })}</span>
            <span className={classes.short}>{words.recheckShort(recheckable)}</span>
          </Button>
        )}
        <LivePill state={live} of="deliveries" onToggle={onToggleLive} />
      </span>
    </header>
  );
}
