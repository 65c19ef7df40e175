import type { ReactNode } from 'react';
import { shortTime } from '~/lib/units';
import * as words from '~/words/deliveries';
import { number } from '~/words/language';
import classes from './numbers.module.css';
import type { DeliveriesSearch } from './search-params';
import { acceptedShare, type Bar, bars } from './sparkline';
import type { Numbers } from './use-deliveries';

interface DeliveryNumbersProps {
  numbers: Numbers | null;
  since: string;
  until: string;
  search: DeliveriesSearch;
  onChange: (part: DeliveriesSearch) => void;
}

const TAKEN_IN = 'accepted,duplicate';
const REJECTED = 'rejected';

export function DeliveryNumbers({ numbers, since, until, search, onChange }: DeliveryNumbersProps) {
  const summary = numbers?.deliverySummary;
  const hours = summary ? bars(summary.buckets, since, until) : [];
  const toggle = (st: string) =>
    onChange({ st: search.st === st ? undefined : st, why: undefined });
  return (
    <section className={classes.numbers} aria-label={words.numbers}>
      <Tile
        label={words.received}
        value={summary && number(summary.received)}
        under={summary && words.duplicates(summary.duplicate)}
        chosen={search.st === undefined && search.why === undefined}
        onChoose={() => onChange({ st: undefined, why: undefined })}
      >
        <Sparkline bars={hours} of="received" />
      </Tile>
      <Tile
        label={words.accepted}
        value={summary && (acceptedShare(summary) ?? '–')}
        under={summary && words.ofThem(summary.accepted + summary.duplicate)}
        chosen={search.st === TAKEN_IN}
        onChoose={() => toggle(TAKEN_IN)}
      >
        <Sparkline bars={hours} of="takenIn" />
      </Tile>
      <Tile
        label={words.rejected}
        value={summary && number(summary.rejected)}
        bad={summary !== undefined && summary.rejected > 0}
        under={summary && words.quarantined(summary.quarantined)}
        chosen={search.st === REJECTED}
        onChoose={() => toggle(REJECTED)}
      >
        <Sparkline bars={hours} of="rejected" />
      </Tile>
      <Tile
        label={words.answerTime}
        value={summary && latency(summary.p95LatencyMs)}
        under={summary && words.median(latency(summary.p50LatencyMs))}
      />
    </section>
  );
}

const latency = (ms: number | null) => (ms === null ? '–' : shortTime(ms));

interface TileProps {
  label: string;
  value: string | undefined;
  under: string | undefined;
  bad?: boolean;
  chosen?: boolean;
  /** Absent for a number that is no filter. */
  onChoose?: () => void;
  children?: ReactNode;
}

function Tile({ label, value, under, bad, chosen, onChoose, children }: TileProps) {
  const content = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value} data-bad={bad || undefined}>
        {value ?? <span className={classes.loading} />}
      </span>
      <span className={classes.under}>{under ?? ' '}</span>
      {children}
    </>
  );
  if (!onChoose) return <div className={classes.tile}>{content}</div>;
  return (
    <button type="button" className={classes.tile} aria-pressed={chosen} onClick={onChoose}>
      {content}
    </button>
  );
}

const BAR_WIDTH = 3;
const BAR_STEP = 4;
const HEIGHT = 26;

/** The course of a number over the range; the number itself is said in words beside it. */
function Sparkline({ bars: hours, of }: { bars: Bar[]; of: keyof Bar }) {
  if (hours.length === 0) return null;
  const highest = Math.max(1, ...hours.map((bar) => bar[of]));
  return (
    <svg
      className={classes.sparkline}
      data-of={of}
      viewBox={`0 0 ${hours.length * BAR_STEP - 1} ${HEIGHT}`}
      width={hours.length * BAR_STEP - 1}
      height={HEIGHT}
      aria-hidden
    >
      {hours.map((bar, index) => {
        // A few among many are still seen, and an hour without any is a line on the ground.
        const height = bar[of] === 0 ? 1 : Math.max(3, (bar[of] / highest) * HEIGHT);
        return (
          <rect
            key={index}
            x={index * BAR_STEP}
            y={HEIGHT - height}
            width={BAR_WIDTH}
            height={height}
            rx={height > 3 ? 1 : 0}
            data-none={bar[of] === 0 || undefined}
          />
        );
      })}
    </svg>
  );
}
