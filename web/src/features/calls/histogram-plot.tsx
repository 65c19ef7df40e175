import { type CSSProperties, memo } from 'react';
import { spanLabel } from '~/lib/time-span';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/calls';
import { number } from '~/words/language';
import classes from './histogram.module.css';
import {
  type Bucket,
  countsOf,
  countWords,
  type Histogram,
  PART_WORDS,
  PARTS,
  stack,
  ticks,
} from './histogram-bars';
import { useBars } from './use-bars';

const PLOT_PX = 64;
const CLOCK_MS = 30_000;

interface HistogramPlotProps {
  histogram: Histogram;
  onZoom: (first: number, last: number) => void;
  onZoomOut: () => void;
}

export function HistogramPlot({ histogram, onZoom, onZoomOut }: HistogramPlotProps) {
  const { buckets, timeZone, unit } = histogram;
  const { chosen, hovered, handlers } = useBars({ buckets, onZoom, onZoomOut });
  const now = useNow(CLOCK_MS).toISOString();
  const shown = hovered >= 0 && !isWide(chosen) ? { first: hovered, last: hovered } : chosen;
  const at = (index: number) => `${(index / buckets.length) * 100}%`;
  return (
    <div className={classes.chart}>
      <div
        className={classes.plot}
        style={{ height: PLOT_PX }}
        // It has a place that the arrows move and that is read out, which is what a slider is.
        role="slider"
        tabIndex={0}
        aria-label={words.callsOverTime}
        aria-describedby="histogram-keys"
        aria-valuemin={0}
        aria-valuemax={buckets.length}
        aria-valuenow={chosen ? chosen.head + 1 : 0}
        aria-valuetext={spanWords(histogram, chosen ?? { first: 0, last: buckets.length - 1 })}
        {...handlers}
      >
        {shown && (
          <span
            className={classes.shade}
            data-selected={chosen !== null || undefined}
            style={{ left: at(shown.first), width: at(shown.last - shown.first + 1) }}
          />
        )}
        <Bars buckets={buckets} runningFrom={now} />
        {shown && <Tip histogram={histogram} {...shown} />}
      </div>
      <div className={classes.axis} aria-hidden>
        {ticks(buckets, unit, timeZone).map(({ index, label }) => (
          <span
            key={index}
            style={{ left: at(index) }}
            data-end={index / buckets.length > 0.92 || undefined}
          >
            {label}
          </span>
        ))}
      </div>
      <span className="visually-hidden" id="histogram-keys">
        {words.chartKeys}
      </span>
    </div>
  );
}

interface Span {
  first: number;
  last: number;
}

const isWide = (span: Span | null) => span !== null && span.first !== span.last;

interface BarsProps {
  buckets: Bucket[];
  /** What is not over by then still grows. */
  runningFrom: string;
}

const Bars = memo(function Bars({ buckets, runningFrom }: BarsProps) {
  const highest = Math.max(0, ...buckets.map((bucket) => bucket.total));
  return (
    <>
      <span className={classes.highest} aria-hidden>
        {highest > 0 && number(highest)}
      </span>
      <span className={classes.bars} aria-hidden>
        {buckets.map((bucket) => (
          <span
            key={bucket.startsAt}
            className={classes.bar}
            data-running={Date.parse(bucket.endsAt) > Date.parse(runningFrom) || undefined}
          >
            {stack(countsOf([bucket]), highest, PLOT_PX - HEADROOM_PX).map(([part, px]) => (
              <span key={part} data-part={part} style={{ height: px }} />
            ))}
          </span>
        ))}
      </span>
    </>
  );
});

/** Above the highest bar stands how high it is. */
const HEADROOM_PX = 6;

/** What the bars of a span hold, in a sentence. */
export function spanWords({ buckets, timeZone }: Histogram, { first, last }: Span): string {
  const [from, to] = [buckets[first], buckets[last]];
  if (!from || !to) return '';
  const span = spanLabel(from.startsAt, to.endsAt, timeZone);
  return `${span}: ${countWords(countsOf(buckets.slice(first, last + 1)))}`;
}

/** The same for the eye, beside the pointer and never beyond the edges of the chart. */
function Tip({ histogram, first, last }: { histogram: Histogram } & Span) {
  const { buckets, timeZone } = histogram;
  const [from, to] = [buckets[first], buckets[last]];
  if (!from || !to) return null;
  const counts = countsOf(buckets.slice(first, last + 1));
  const middle = ((first + last + 1) / 2 / buckets.length) * 100;
  return (
    <span className={classes.tip} style={{ '--at': `${middle}%` } as CSSProperties} aria-hidden>
      <b>{spanLabel(from.startsAt, to.endsAt, timeZone)}</b>
      <span className={classes.tipCounts}>
        {counts.total === 0 && words.noCalls}
        {PARTS.filter((part) => counts[part] > 0).map((part) => (
          <span key={part} className={classes.key} data-part={part}>
            {PART_WORDS[part]} {number(counts[part])}
          </span>
        ))}
      </span>
    </span>
  );
}
