import { duration } from '~/lib/time';
import classes from './duration-bar.module.css';
import { durationsOf, type SegmentKind } from './durations';
import type { CallDetail } from './use-call';

const SEGMENT_WORDS: Record<SegmentKind, string> = {
  wait: 'Before ringing',
  ring: 'Ringing',
  talk: 'Talking',
  hold: 'On hold',
  other: 'Menu or queue',
};

export function DurationBar({ call, now }: { call: CallDetail; now: Date }) {
  const { ringMs, talkMs, holdMs, totalMs, segments } = durationsOf(call, now);
  const figures: [label: string, ms: number | null][] = [
    ['Rang', ringMs],
    ['Talked', talkMs],
    ['On hold', holdMs],
    ['Total', totalMs],
  ];
  return (
    <section className={classes.durations} aria-label="Durations">
      <dl className={classes.figures}>
        {figures.map(([label, ms]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd data-none={ms === null || undefined}>{ms === null ? 'none' : duration(ms)}</dd>
          </div>
        ))}
      </dl>
      {segments.length > 0 && (
        <>
          <div className={classes.bar} aria-hidden>
            {segments.map(({ kind, ms }) => (
              <span key={kind} data-kind={kind} style={{ flexGrow: ms }} />
            ))}
          </div>
          <ul className={classes.legend}>
            {segments.map(({ kind, ms }) => (
              <li key={kind} data-kind={kind}>
                <span className={classes.swatch} aria-hidden />
                {SEGMENT_WORDS[kind]} {duration(ms)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
