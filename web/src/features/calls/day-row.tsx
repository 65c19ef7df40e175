import type { LineProps } from '~/components/virtual-body';
import { dayLabel } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import classes from './call-list.module.css';

interface DayRowProps extends LineProps {
  at: string;
  now: Date;
  columns: number;
}

export function DayRow({ at, now, columns, ...line }: DayRowProps) {
  const timeZone = useTimeZone();
  return (
    <tr {...line} className={classes.day}>
      <th scope="rowgroup" colSpan={columns}>
        {dayLabel(at, timeZone, now)}
      </th>
    </tr>
  );
}
