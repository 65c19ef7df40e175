import { Button } from '@mantine/core';
import { ChartColumn, ChevronDown, Table, ZoomOut } from 'lucide-react';
import * as words from '~/words/calls';
import { number } from '~/words/language';
import classes from './histogram.module.css';
import { countsOf, type Histogram, PART_WORDS, PARTS } from './histogram-bars';

interface VolumeHeadProps {
  histogram: Histogram | null;
  /** Where the chart can be folded away. */
  fold: { folded: boolean; onFold: () => void } | null;
  asTable: boolean;
  onAsTable: () => void;
  onZoomOut: (() => void) | null;
}

export function VolumeHead({ histogram, fold, asTable, onAsTable, onZoomOut }: VolumeHeadProps) {
  const hasBars = histogram !== null && histogram.buckets.length > 0;
  return (
    <div className={classes.head}>
      {fold && (
        <button
          type="button"
          className={classes.fold}
          aria-expanded={!fold.folded}
          onClick={fold.onFold}
        >
          <ChevronDown size={15} aria-hidden /> {words.volume}
        </button>
      )}
      {!fold?.folded && (
        <>
          <Legend histogram={histogram} />
          <span className={classes.tools}>
            {hasBars && (
              <span className={classes.unit}>
                {words.PER_UNIT[histogram.unit]}
                <span> {words.inTimeZone(histogram.timeZone)}</span>
              </span>
            )}
            {onZoomOut && (
              <Tool icon={ZoomOut} onClick={onZoomOut}>
                {words.zoomOut}
              </Tool>
            )}
            <Tool icon={asTable ? ChartColumn : Table} onClick={onAsTable}>
              {asTable ? words.viewAsChart : words.viewAsTable}
            </Tool>
          </span>
        </>
      )}
    </div>
  );
}

function Legend({ histogram }: { histogram: Histogram | null }) {
  const counts = countsOf(histogram?.buckets ?? []);
  const more = histogram?.total.exact === false ? '+' : '';
  return (
    <ul className={classes.legend} aria-label={words.outcomes}>
      {PARTS.map((part) => (
        <li key={part} className={classes.key} data-part={part}>
          {PART_WORDS[part]}
          <b>{histogram && `${number(counts[part])}${more}`}</b>
        </li>
      ))}
    </ul>
  );
}

interface ToolProps {
  icon: typeof Table;
  onClick: () => void;
  children: string;
}

function Tool({ icon: Icon, onClick, children }: ToolProps) {
  return (
    <button type="button" className={classes.tool} onClick={onClick}>
      <Icon size={14} aria-hidden /> <span>{children}</span>
    </button>
  );
}

/** Lies over the bare axis, which can still be zoomed out of. */
export function Empty() {
  return (
    <p className={classes.nothing} data-over>
      {words.noCallsInThisTime}
    </p>
  );
}

export function Failed({ onRetry }: { onRetry: () => void }) {
  return (
    <p className={classes.nothing}>
      {words.volumeNotLoaded}
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        {words.retry}
      </Button>
    </p>
  );
}
