import { clockTime, dateAndTime, dayKey, duration, exactTime } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import classes from './event-marks.module.css';
import type { CallEvent } from './use-call';

/** What was unusual about the way an event came, in sentences. */
export function EventMarks({ event }: { event: CallEvent }) {
  return (
    <>
      {event.late && <ReceivedLate event={event} />}
      {event.outOfOrder && (
        <span className={classes.mark}>
          Out of order: something that happened later was received before it
        </span>
      )}
      {event.duplicateCount > 0 && (
        <span className={classes.mark}>Received {event.duplicateCount + 1} times</span>
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
      Received late: happened at {time(occurredAt)}, received at {time(receivedAt)},{' '}
      {duration(delayMs)} later
    </span>
  );
}

/** The same in a word each, for a line of its own. */
export function EventTags({ event }: { event: CallEvent }) {
  return (
    <span className={classes.tags}>
      {event.late && <span className={classes.tag}>late</span>}
      {event.outOfOrder && <span className={classes.tag}>out of order</span>}
      {event.duplicateCount > 0 && (
        <span className={classes.tag}>received {event.duplicateCount + 1} times</span>
      )}
    </span>
  );
}
