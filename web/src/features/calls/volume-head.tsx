import { Button } from '@mantine/core';
import { ChartColumn, ChevronDown, Table, ZoomOut } from 'lucide-react';
import classes from './histogram.module.css';
import { countsOf, type Histogram, PART_WORDS, PARTS, UNIT_WORDS } from './histogram-bars';

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
          <ChevronDown size={15} aria-hidden /> Volume
        </button>
      )}
      {!fold?.folded && (
        <>
          <Legend histogram={histogram} />
          <span className={classes.tools}>
            {hasBars && (
              <span className={classes.unit}>
                Per {UNIT_WORDS[histogram.unit]}
                <span> in {histogram.timeZone}</span>
              </span>
            )}
            {onZoomOut && (
              <Tool icon={ZoomOut} onClick={onZoomOut}>
                Zoom out
              </Tool>
            )}
            <Tool icon={asTable ? ChartColumn : Table} onClick={onAsTable}>
              {asTable ? 'View as chart' : 'View as table'}
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
    <ul className={classes.legend} aria-label="Outcomes">
      {PARTS.map((part) => (
        <li key={part} className={classes.key} data-part={part}>
          {PART_WORDS[part]}
          <b>{histogram && `${counts[part].toLocaleString('en')}${more}`}</b>
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
      No calls in this time
    </p>
  );
}

export function Failed({ onRetry }: { onRetry: () => void }) {
  return (
    <p className={classes.nothing}>
      The volume could not be loaded.
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        Retry
      </Button>
    </p>
  );
}
