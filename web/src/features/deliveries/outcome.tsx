import type { DeliveryOutcome } from '~/gql/documents';
import { DELIVERY_OUTCOME_WORDS } from '~/words/delivery-reasons';
import classes from './outcome.module.css';

/** Colour is never alone: the word says the same. */
export function Outcome({ outcome }: { outcome: DeliveryOutcome }) {
  return (
    <span className={classes.outcome} data-outcome={outcome}>
      <span className={classes.dot} aria-hidden />
      {DELIVERY_OUTCOME_WORDS[outcome]}
    </span>
  );
}
