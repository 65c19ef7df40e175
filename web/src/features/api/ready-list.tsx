import * as words from '~/words/api';
import classes from './explorer-page.module.css';
import { READY_QUERIES, type ReadyQuery } from './ready-queries';

interface ReadyListProps {
  chosen: string | null;
  onPick: (query: ReadyQuery) => void;
}

export function ReadyList({ chosen, onPick }: ReadyListProps) {
  return (
    <section className={classes.ready} aria-label={words.readyQueries}>
      {READY_QUERIES.map((each) => (
        <button
          type="button"
          key={each.name}
          className={classes.readyQuery}
          aria-pressed={each.name === chosen}
          onClick={() => onPick(each)}
        >
          {each.title}
        </button>
      ))}
    </section>
  );
}
