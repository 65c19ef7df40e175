import { clockTime, dateAndTime, dayKey, duration, exactTime } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/call';
import classes from './event-marks.module.css';
import type { CallEvent } from './use-call';

/** What was unusual about the way an event came, in sentences. */
export function EventMarks({ event }: { event: CallEvent }) {
  return (
    <>
      {event.late && <ReceivedLate event={event} />}
      {event.outOfOrder && <span className={classes.mark}>{words.outOfOrderMark}</span>}
      {event.duplicateCount > 0 && (
        <span className={classes.mark}>{words.receivedTimes(event.duplicateCount + 1)}</span>
      )}
    </>
  );
}

function ReceivedLate({ event: { occurredAt, receivedAt } }: { event: CallEvent }) {
  const timeZone = useTimeZone();
  const delayMs = Date.parse(receivedAt) - Date.parse(occurredAt);
  const sameDay = dayKey(occurredAt, timeZone) === dayKey(receivedAt, timeZone);
  const short = sameDay ? clockTime : dateAndTime;
  const time = (iso: string) => (
    <time dateTime={iso} title={exactTime(iso, timeZone)}>
      {short(iso, timeZone)}
    </time>
  );
  return (
    <span className={classes.mark}>
      {words.receivedLate(time(occurredAt), time(receivedAt), duration(delayMs))}
    </span>
  );
}

/** The same in a word each, for a line of its own. */
export function EventTags({ event }: { event: CallEvent }) {
  return (
    <span className={classes.tags}>
      {event.late && <span className={classes.tag}>{words.late}</span>}
      {event.outOfOrder && <span className={classes.tag}>{words.outOfOrder}</span>}
      {event.duplicateCount > 0 && (
        <span className={classes.tag}>{words.receivedTimesTag(event.duplicateCount + 1)}</span>
      )}
    </span>
  );
}
