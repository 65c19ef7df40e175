import type { LinkState } from '~/lib/live-link';
import * as words from '~/words/live';
import classes from './live-pill.module.css';

export type LiveState =
  | 'live'
  | 'delayed'
  | 'sampled'
  | 'paused'
  | 'lost'
  | 'offline'
  | 'elsewhere';

interface Liveness {
  wanted: boolean;
  /** The list shown is one that new rows come into. */
  possible: boolean;
  failed: boolean;
  link: LinkState;
}

export function liveStateOf({ wanted, possible, failed, link }: Liveness): LiveState {
  if (!possible) return 'elsewhere';
  if (!wanted) return 'paused';
  if (failed || link === 'away') return navigator.onLine ? 'lost' : 'offline';
  // Until the first connection is there, the list is asked for again and again.
  return link === 'on' || link === 'connecting' ? 'live' : link;
}

interface LivePillProps {
  state: LiveState;
  /** What the list holds. */
  of: 'calls' | 'deliveries';
  onToggle: () => void;
}

export function LivePill({ state, of, onToggle }: LivePillProps) {
  const hints = of === 'calls' ? words.LIVE_CALLS_HINTS : words.LIVE_DELIVERIES_HINTS;
  return (
    <button
      type="button"
      className={classes.pill}
      title={hints[state]}
      data-state={state}
      aria-pressed={state !== 'paused' && state !== 'elsewhere'}
      onClick={onToggle}
    >
      <span className={classes.dot} aria-hidden />
      {words.LIVE_LABELS[state]}
    </button>
  );
}
