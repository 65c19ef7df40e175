import type { CombinedError } from '@urql/core';
import * as words from '~/words/calls';
import classes from './search-box.module.css';

const WRONG_CHARS_MAX = 24;

export const PROBLEM_ID = 'search-problem';

interface SearchProblemProps {
  query: string;
  error: CombinedError;
  onChange: (query: string) => void;
}

/** What is wrong with the query, which characters it is about, and a way to be rid of them. */
export function SearchProblem({ query, error, onChange }: SearchProblemProps) {
  const detail = error.graphQLErrors[0];
  const position = readPosition(detail?.extensions.position);
  // The server counts characters, not the units of a JavaScript string.
  const characters = [...query];
  const shown = position && position.end > position.start && position.start < characters.length;
  const before = characters.slice(0, position?.start).join('');
  const wrong = characters.slice(position?.start, position?.end).join('');
  const after = characters.slice(position?.end).join('');
  return (
    <div className={classes.problem} id={PROBLEM_ID} role="alert">
      {detail?.message}
      {shown && (
        <span className={classes.where}>
          <code>
            {before}
            <mark>{wrong}</mark>
            {after}
          </code>
          <button
            type="button"
            className={classes.drop}
            onClick={() => onChange(`${before.trimEnd()} ${after.trimStart()}`.trim())}
          >
            {wrong.length > WRONG_CHARS_MAX ? words.removeIt : words.removeWrong(<q>{wrong}</q>)}
          </button>
        </span>
      )}
    </div>
  );
}

function readPosition(value: unknown): { start: number; end: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { start, end } = value as { start?: unknown; end?: unknown };
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null;
}
