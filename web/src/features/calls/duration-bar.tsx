import { duration } from '~/lib/time';
import * as words from '~/words/call';
import classes from './duration-bar.module.css';
import { durationsOf, type SegmentKind } from './durations';
import type { CallDetail } from './use-call';

const SEGMENT_WORDS: Record<SegmentKind, string> = {
  wait: words.beforeRinging,
  ring: words.ringing,
  talk: words.talking,
  hold: words.onHold,
  other: words.menuOrQueue,
};

export function DurationBar({ call, now }: { call: CallDetail; now: Date }) {
  const { ringMs, talkMs, holdMs, totalMs, segments } = durationsOf(call, now);
  const figures: [label: string, ms: number | null][] = [
    [words.rang, ringMs],
    [words.talked, talkMs],
    [words.onHold, holdMs],
    [words.total, totalMs],
  ];
  return (
    <section className={classes.durations} aria-label={words.durations}>
      <dl className={classes.figures}>
        {figures.map(([label, ms]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd data-none={ms === null || undefined}>{ms === null ? words.none : duration(ms)}</dd>
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
