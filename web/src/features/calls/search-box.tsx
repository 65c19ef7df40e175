import { ActionIcon, TextInput } from '@mantine/core';
import type { CombinedError } from '@urql/core';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, lazy, type RefObject, Suspense, useLayoutEffect, useRef } from 'react';
import * as words from '~/words/calls';
import { type QuerySuggestion, type Word, withSuggestion } from './query-suggestions';
import classes from './search-box.module.css';
import type { CallsSearch } from './search-params';
import { PROBLEM_ID, SearchProblem } from './search-problem';
import { SUGGESTIONS_ID, SuggestionList, suggestionId } from './suggestion-list';
import { useSearchText } from './use-search-text';
import { useSuggestions } from './use-suggestions';

// Its button has a place of its own: nothing moves when it comes a moment later.
const SyntaxHelp = lazy(async () => ({ default: (await import('./syntax-help')).SyntaxHelp }));

interface SearchBoxProps {
  ref: RefObject<HTMLInputElement | null>;
  search: CallsSearch;
  problem: CombinedError | null;
  onChange: (query: string) => void;
}

export function SearchBox({ ref, search, problem, onChange }: SearchBoxProps) {
  const value = search.q ?? '';
  const { text, type, hold, sendNow } = useSearchText(value, onChange);
  const list = useSuggestions({ text, search, onPick: (word, picked) => put(word, picked) });
  const cursor = useRef<number | null>(null);

  const put = (word: Word, picked: QuerySuggestion) => {
    const next = withSuggestion(text, word, picked);
    cursor.current = next.cursor;
    if (picked.open) {
      hold(next.query, word.others);
      list.open(next.cursor);
    } else sendNow(next.query);
  };
  useLayoutEffect(() => {
    if (cursor.current === null) return;
    ref.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { value: typed, selectionStart } = event.currentTarget;
    if (list.onKey(event.key, selectionStart ?? typed.length)) event.preventDefault();
    else if (event.key === 'Enter') {
      list.close();
      sendNow(typed);
    } else if (event.key === 'Escape') event.currentTarget.blur();
  };

  return (
    <search className={classes.search}>
      <TextInput
        ref={ref}
        size="md"
        classNames={{ input: classes.input }}
        role="combobox"
        aria-label={words.searchCalls}
        aria-autocomplete="list"
        aria-expanded={list.offered.length > 0}
        aria-controls={list.offered.length > 0 ? SUGGESTIONS_ID : undefined}
        aria-activedescendant={list.active ? suggestionId(list.chosen ?? 0) : undefined}
        aria-describedby={problem ? PROBLEM_ID : undefined}
        aria-invalid={problem ? true : undefined}
        placeholder={words.searchHint}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={({ currentTarget }) => {
          type(currentTarget.value);
          list.open(currentTarget.selectionStart ?? currentTarget.value.length);
        }}
        onKeyDown={onKeyDown}
        onBlur={list.close}
        leftSection={<Search size={16} aria-hidden />}
        rightSectionWidth={text === '' ? 40 : 70}
        rightSection={<Tools clearable={text !== ''} onPick={sendNow} />}
      />
      <SuggestionList offered={list.offered} chosen={list.chosen} onPick={list.pick} />
      {problem && <SearchProblem query={value.trim()} error={problem} onChange={sendNow} />}
    </search>
  );
}

function Tools({ clearable, onPick }: { clearable: boolean; onPick: (query: string) => void }) {
  return (
    <span className={classes.tools}>
      {clearable && (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => onPick('')}
          aria-label={words.clearSearch}
        >
          <X size={15} aria-hidden />
        </ActionIcon>
      )}
      <Suspense fallback={null}>
        <SyntaxHelp onPick={onPick} />
      </Suspense>
    </span>
  );
}
