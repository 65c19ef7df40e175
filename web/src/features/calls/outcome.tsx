import type { CallOutcome } from '~/gql/documents';
import { OUTCOME_WORDS } from '~/words/call-outcome';
import classes from './outcome.module.css';

/** Colour is never alone: the word says the same. */
export function Outcome({ outcome }: { outcome: CallOutcome }) {
  return (
    <span className={classes.outcome} data-outcome={outcome}>
      <span className={classes.dot} aria-hidden />
      {OUTCOME_WORDS[outcome]}
    </span>
  );
}
