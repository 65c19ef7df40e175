import { Tooltip } from '@mantine/core';
import classes from './live-pill.module.css';

export type LiveState = 'live' | 'off' | 'lost' | 'elsewhere';

const WORDS: Record<LiveState, [label: string, hint: string]> = {
  live: ['Live', 'New calls appear by themselves. Switch off (l)'],
  off: ['Live off', 'Switch on (l)'],
  lost: ['Reconnecting', 'The server does not answer; trying again'],
  elsewhere: ['Not live', 'Live needs the newest calls. Go there (l)'],
};

export function LivePill({ state, onToggle }: { state: LiveState; onToggle: () => void }) {
  const [label, hint] = WORDS[state];
  return (
    <Tooltip label={hint}>
      <button
        type="button"
        className={classes.pill}
        data-state={state}
        aria-pressed={state === 'live' || state === 'lost'}
        onClick={onToggle}
      >
        <span className={classes.dot} aria-hidden />
        {label}
      </button>
    </Tooltip>
  );
}
