import { CopyButton } from '~/components/copy-button';
import { prettyJson } from '~/lib/pretty-json';
import { clockTime, exactTime, zoneName } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/call';
import classes from './event-log.module.css';
import { EventTags } from './event-marks';
import type { CallEvent } from './use-call';

/** The payload as Dialpad signed it, as text and nothing else. */
export function RawEvents({ events }: { events: CallEvent[] }) {
  const timeZone = useTimeZone();
  return (
    <div>
      {events.map((event) => (
        <details key={event.id} className={classes.raw}>
          <summary>
            <code className={classes.rawState}>{event.stateRaw}</code>
            <EventTags event={event} />
            <time
              dateTime={event.receivedAt}
              title={exactTime(event.receivedAt, timeZone)}
              className={classes.rawTime}
            >
              {words.receivedAt(
                `${clockTime(event.receivedAt, timeZone)} ${zoneName(event.receivedAt, timeZone)}`,
              )}
            </time>
          </summary>
          <div className={classes.rawBody}>
            <span className={classes.rawCopy}>
              <CopyButton value={event.raw} label={words.copyEvent} />
            </span>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, which must work without a mouse. */}
            <pre tabIndex={0}>{prettyJson(event.raw)}</pre>
          </div>
        </details>
      ))}
    </div>
  );
}
