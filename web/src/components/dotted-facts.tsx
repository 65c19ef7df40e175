import { Fragment, type ReactNode } from 'react';
import classes from './dotted-facts.module.css';

/** Facts in one line with dots between them; one that has no room goes on in the next as a whole. */
export function DottedFacts({ facts }: { facts: ReactNode[] }) {
  return facts.map((fact, index) => (
    <Fragment key={index}>
      {index > 0 && ' '}
      <span className={classes.fact}>
        {fact}
        {index < facts.length - 1 && ' ·'}
      </span>
    </Fragment>
  ));
}
