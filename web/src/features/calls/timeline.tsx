import { stateWords } from '~/lib/call-state';
import { clockTime, elapsed, exactTime } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { isLifeCycle } from './call-words';
import { EventMarks } from './event-marks';
import { eventNames, eventSentence } from './event-sentence';
import classes from './timeline.module.css';
import type { CallDetail, CallEvent } from './use-call';

export function Timeline({ call, events }: { call: CallDetail; events: CallEvent[] }) {
  const began = Date.parse(call.dateStarted ?? events[0]?.occurredAt ?? call.updatedAt);
  return (
    <ol className={classes.timeline} aria-live="polite" aria-relevant="additions">
      {events.map((event, index) => (
        <TimelineEvent
          key={event.id}
          event={event}
          before={events.slice(0, index).findLast(({ state }) => isLifeCycle(state)) ?? null}
          began={began}
        />
      ))}
    </ol>
  );
}

interface TimelineEventProps {
  event: CallEvent;
  before: CallEvent | null;
  began: number;
}

function TimelineEvent({ event, before, began }: TimelineEventProps) {
  const timeZone = useTimeZone();
  const occurred = Date.parse(event.occurredAt);
  const lifeCycle = isLifeCycle(event.state);
  return (
    <li className={classes.event} data-note={!lifeCycle || undefined} data-state={event.state}>
      <span className={classes.elapsed}>{elapsed(occurred - began)}</span>
      <span className={classes.mark} aria-hidden />
      <span className={classes.text}>
        <bdi>
          {lifeCycle
            ? eventSentence(event, eventNames(event.raw), before?.state)
            : stateWords(event.state, event.stateRaw)}
        </bdi>
        <EventMarks event={event} />
        {event.problems.map((problem) => (
          <span key={problem} className={classes.problem}>
            <bdi>{problem}</bdi>
          </span>
        ))}
      </span>
      <time
        className={classes.time}
        dateTime={event.occurredAt}
        title={exactTime(event.occurredAt, timeZone)}
      >
        {clockTime(event.occurredAt, timeZone)}
      </time>
    </li>
  );
}
