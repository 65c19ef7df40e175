import { Button } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import { LivePill, type LiveState } from '~/components/live-pill';
import classes from './deliveries-page.module.css';
import { targetText } from './recheck-dialog';

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
      <h1 className={classes.title}>Deliveries</h1>
      <span className={classes.count} role="status">
        {total && (
          <>
            {total.value.toLocaleString('en')}
            {!total.exact && '+'}
            {filtered && <span className={classes.long}> matching</span>}
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
            aria-label={`Re-check ${targetText({ count: recheckable })}`}
          >
            <span className={classes.long}>Re-check {targetText({ count: recheckable })}</span>
            <span className={classes.short}>Re-check {recheckable.toLocaleString('en')}</span>
          </Button>
        )}
        <LivePill state={live} what="deliveries" onToggle={onToggleLive} />
      </span>
    </header>
  );
}
