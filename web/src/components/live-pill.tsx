import { Tooltip } from '@mantine/core';
import classes from './live-pill.module.css';

export type LiveState = 'live' | 'off' | 'lost' | 'elsewhere';

const LABELS: Record<LiveState, string> = {
  live: 'Live',
  off: 'Live off',
  lost: 'Reconnecting',
  elsewhere: 'Not live',
};

interface LivePillProps {
  state: LiveState;
  /** What the list holds: "calls". */
  what: string;
  onToggle: () => void;
}

export function LivePill({ state, what, onToggle }: LivePillProps) {
  const hints: Record<LiveState, string> = {
    live: `New ${what} appear by themselves. Switch off (l)`,
    off: 'Switch on (l)',
    lost: 'The server does not answer; trying again',
    elsewhere: `Live needs the newest ${what}. Go there (l)`,
  };
  return (
    <Tooltip label={hints[state]}>
      <button
        type="button"
        className={classes.pill}
        data-state={state}
        aria-pressed={state === 'live' || state === 'lost'}
        onClick={onToggle}
      >
        <span className={classes.dot} aria-hidden />
        {LABELS[state]}
      </button>
    </Tooltip>
  );
}
