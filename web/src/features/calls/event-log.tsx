import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import * as words from '~/words/call';
import { number } from '~/words/language';
import classes from './event-log.module.css';
import { RawEvents } from './raw-events';
import { Timeline } from './timeline';
import { type CallDetail, useEvents } from './use-call';

const VIEWS = [
  { value: 'timeline', label: words.timeline },
  { value: 'raw', label: words.rawEvents },
];

export function EventLog({ call }: { call: CallDetail }) {
  const [view, setView] = useState('timeline');
  const { nodes, total, hasMore, loadMore, busy } = useEvents(call);
  const count = `${number(total.value)}${total.exact ? '' : '+'}`;
  return (
    <section className={classes.log} aria-labelledby="events-title">
      <div className={classes.head}>
        <h2 className={classes.title} id="events-title">
          {words.events} <span className={classes.count}>{count}</span>
        </h2>
        <SegmentedControl
          size="xs"
          data={VIEWS}
          value={view}
          onChange={setView}
          aria-label={words.view}
        />
      </div>
      {nodes.length === 0 && <p className={classes.none}>{words.noEvents}</p>}
      {view === 'timeline' ? <Timeline call={call} events={nodes} /> : <RawEvents events={nodes} />}
      {hasMore && (
        <Button variant="default" size="xs" mt="sm" loading={busy} onClick={loadMore}>
          {words.showMoreEvents}
        </Button>
      )}
    </section>
  );
}
