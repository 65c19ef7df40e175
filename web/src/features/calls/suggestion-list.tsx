import { useLayoutEffect, useRef } from 'react';
import * as words from '~/words/calls';
import { countText } from './facets';
import type { QuerySuggestion } from './query-suggestions';
import classes from './search-box.module.css';

export const SUGGESTIONS_ID = 'search-suggestions';
export const suggestionId = (index: number) => `${SUGGESTIONS_ID}-${index}`;

interface SuggestionListProps {
  offered: QuerySuggestion[];
  chosen: number | null;
  onPick: (suggestion: QuerySuggestion) => void;
}

export function SuggestionList({ offered, chosen, onPick }: SuggestionListProps) {
  return (
    <>
      <span className="visually-hidden" role="status">
        {offered.length > 0 && words.suggestionCount(offered.length)}
      </span>
      {offered.length > 0 && (
        <div
          className={classes.suggestions}
          id={SUGGESTIONS_ID}
          role="listbox"
          aria-label={words.suggestions}
        >
          {offered.map((each, index) => (
            <Suggestion
              key={each.label}
              suggestion={each}
              id={suggestionId(index)}
              chosen={index === chosen}
              onPick={() => onPick(each)}
            />
          ))}
        </div>
      )}
    </>
  );
}

interface SuggestionProps {
  suggestion: QuerySuggestion;
  id: string;
  chosen: boolean;
  onPick: () => void;
}

function Suggestion({ suggestion, id, chosen, onPick }: SuggestionProps) {
  const { label, about, count } = suggestion;
  const option = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (chosen) option.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the box above.
    <div
      ref={option}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={classes.suggestion}
      // The focus stays in the box.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <bdi className={classes.suggested}>{label}</bdi> <span>{about}</span>
      {count && <span className={classes.suggestedCount}>{countText(count)}</span>}
    </div>
  );
}
