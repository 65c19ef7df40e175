import { spanLabel } from '~/lib/time-span';
import classes from './histogram.module.css';
import { countsOf, type Histogram, PART_WORDS, PARTS } from './histogram-bars';

interface HistogramTableProps {
  histogram: Histogram;
  onZoom: (first: number, last: number) => void;
}

/** The same as the bars, for whoever would rather read numbers. */
export function HistogramTable({ histogram, onZoom }: HistogramTableProps) {
  const { buckets, timeZone } = histogram;
  return (
    <section tabIndex={-1} className={classes.scroll} aria-label="Calls over time">
      <table className={classes.table}>
        <caption className="visually-hidden">Calls over time, times in {timeZone}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Calls</th>
            {PARTS.map((part) => (
              <th key={part} scope="col">
                {PART_WORDS[part]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket, index) => {
            const counts = countsOf([bucket]);
            return (
              <tr key={bucket.startsAt} data-none={counts.total === 0 || undefined}>
                <th scope="row">
                  <button
                    type="button"
                    onClick={({ currentTarget }) => {
                      // The row that was pressed goes away; reading goes on in the new ones.
                      currentTarget.closest('section')?.focus();
                      onZoom(index, index);
                    }}
                  >
                    {spanLabel(bucket.startsAt, bucket.endsAt, timeZone)}
                  </button>
                </th>
                <td>{counts.total.toLocaleString('en')}</td>
                {PARTS.map((part) => (
                  <td key={part}>{counts[part].toLocaleString('en')}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
