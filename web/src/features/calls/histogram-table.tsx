import { spanLabel } from '~/lib/time-span';
import * as words from '~/words/calls';
import { number } from '~/words/language';
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
    <section tabIndex={-1} className={classes.scroll} aria-label={words.callsOverTime}>
      <table className={classes.table}>
        <caption className="visually-hidden">{words.volumeCaption(timeZone)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.calls}</th>
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
                <td>{number(counts.total)}</td>
                {PARTS.map((part) => (
                  <td key={part}>{number(counts[part])}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
