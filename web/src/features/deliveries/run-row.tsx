import { ChevronRight } from 'lucide-react';
import type { DeliveryReason } from '~/gql/documents';
import { clockTime, exactTime, zoneName } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { REASON_WORDS } from '~/words/delivery-reasons';
import classes from './delivery-list.module.css';
import { DELIVERY_LINK } from './delivery-words';
import { Outcome } from './outcome';
import type { DeliveryRow } from './use-deliveries';

interface RunRowProps {
  rows: DeliveryRow[];
  reason: DeliveryReason;
  columns: number;
  expanded: boolean;
  onToggle: () => void;
}

/** The same refusal many times in a row: how often, why, and what to do about it. */
export function RunRow({ rows, reason, columns, expanded, onToggle }: RunRowProps) {
  const timeZone = useTimeZone();
  const [newest, oldest] = [rows[0], rows.at(-1)];
  if (!newest || !oldest) return null;
  const { what, fix } = REASON_WORDS[reason];
  // The keyboard walks over this line as over the others, though it leads to no single delivery.
  const walked = { [DELIVERY_LINK]: '' };
  return (
    <tr className={classes.run} data-expanded={expanded || undefined}>
      <td colSpan={columns}>
        <button
          type="button"
          className={classes.runToggle}
          aria-expanded={expanded}
          onClick={onToggle}
          {...walked}
        >
          <ChevronRight size={15} aria-hidden className={classes.chevron} />
          <Outcome outcome={newest.outcome} />
          <span className={classes.runCount}>{rows.length}×</span>
          <span className={classes.runWhat}>{what}</span>
          <span className={classes.runTime}>
            <time dateTime={oldest.receivedAt} title={exactTime(oldest.receivedAt, timeZone)}>
              {clockTime(oldest.receivedAt, timeZone)}
            </time>
            {' – '}
            <time dateTime={newest.receivedAt} title={exactTime(newest.receivedAt, timeZone)}>
              {clockTime(newest.receivedAt, timeZone)}
            </time>{' '}
            {zoneName(newest.receivedAt, timeZone)}
          </span>
        </button>
        <p className={classes.runFix}>{fix}</p>
      </td>
    </tr>
  );
}
