import { clockTime, exactTime, relativeAge, zoneName } from '~/lib/time';
import { useRelativeTimes, useTimeZone } from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import classes from './list-time.module.css';

const CLOCK_MS = 30_000;

interface ListTimeProps {
  iso: string;
  /** Whether the zone is shown; where the line above shows it, it is only read out. */
  zoned?: boolean;
}

/** When a row of a list happened: by the clock, or how long ago; the exact time is in its title. */
export function ListTime({ iso, zoned = true }: ListTimeProps) {
  const timeZone = useTimeZone();
  const relative = useRelativeTimes();
  const now = useNow(relative ? CLOCK_MS : null);
  return (
    <time dateTime={iso} title={exactTime(iso, timeZone)}>
      {relative ? (
        relativeAge(iso, now)
      ) : (
        <>
          {clockTime(iso, timeZone)}{' '}
          <span className={zoned ? classes.zone : 'visually-hidden'}>
            {zoneName(iso, timeZone)}
          </span>
        </>
      )}
    </time>
  );
}
