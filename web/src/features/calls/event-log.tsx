import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import classes from './event-log.module.css';
import { RawEvents } from './raw-events';
import { Timeline } from './timeline';
import { type CallDetail, useEvents } from './use-call';

const VIEWS = [
  { value: 'timeline', label: 'Timeline' },
  { value: 'raw', label: 'Raw events' },
];

export function EventLog({ call }: { call: CallDetail }) {
  const [view, setView] = useState('timeline');
  const { nodes, total, hasMore, loadMore, busy } = useEvents(call);
  const count = `${total.value.toLocaleString('en')}${total.exact ? '' : '+'}`;
  return (
    <section className={classes.log} aria-labelledby="events-title">
      <div className={classes.head}>
        <h2 className={classes.title} id="events-title">
          Events <span className={classes.count}>{count}</span>
        </h2>
        <SegmentedControl
          size="xs"
          data={VIEWS}
          value={view}
          onChange={setView}
          aria-label="View"
        />
      </div>
      {nodes.length === 0 && <p className={classes.none}>No event of this call is stored.</p>}
      {view === 'timeline' ? <Timeline call={call} events={nodes} /> : <RawEvents events={nodes} />}
      {hasMore && (
        <Button variant="default" size="xs" mt="sm" loading={busy} onClick={loadMore}>
          Show more events
        </Button>
      )}
    </section>
  );
}
