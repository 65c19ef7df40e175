import { Tooltip } from '@mantine/core';
import type { LinkState } from '~/lib/live-link';
import classes from './live-pill.module.css';

export type LiveState =
  | 'live'
  | 'delayed'
  | 'sampled'
  | 'paused'
  | 'lost'
  | 'offline'
  | 'elsewhere';

const LABELS: Record<LiveState, string> = {
  live: 'Live',
  delayed: 'Delayed',
  sampled: 'Very busy',
  paused: 'Paused',
  lost: 'Reconnecting',
  offline: 'Offline',
  elsewhere: 'Not live',
};

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
  /** What the list holds: "calls". */
  what: string;
  onToggle: () => void;
}

export function LivePill({ state, what, onToggle }: LivePillProps) {
  const hints: Record<LiveState, string> = {
    live: `New ${what} appear by themselves. Pause (l)`,
    delayed: `New ${what} may appear late: a part of the server is away. Pause (l)`,
    sampled: `More happens than can be shown one by one; the list follows every second. Pause (l)`,
    paused: 'Nothing moves. Go on (l)',
    lost: 'The live connection is lost; trying again. Until then the list is read every few seconds',
    offline: 'This device has no connection. It goes on by itself when there is one',
    elsewhere: `Live needs the newest ${what}. Go there (l)`,
  };
  return (
    <Tooltip label={hints[state]}>
      <button
        type="button"
        className={classes.pill}
        data-state={state}
        aria-pressed={state !== 'paused' && state !== 'elsewhere'}
        onClick={onToggle}
      >
        <span className={classes.dot} aria-hidden />
        {LABELS[state]}
      </button>
    </Tooltip>
  );
}
