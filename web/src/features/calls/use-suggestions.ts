// The list under the search box: what it offers, which of it is chosen by the arrows, and whether it
// is there at all.
import { useState } from 'react';
import { useCompany } from '~/lib/company';
import {
  facetOf,
  type QuerySuggestion,
  suggestionsFor,
  type Word,
  wordAt,
} from './query-suggestions';
import { type CallsSearch, changeFilter } from './search-params';
import { useFacet } from './use-facet';

interface SuggestionsOptions {
  text: string;
  search: CallsSearch;
  onPick: (word: Word, suggestion: QuerySuggestion) => void;
}

export function useSuggestions({ text, search, onPick }: SuggestionsOptions) {
  const { timeZone } = useCompany();
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  // All keys at once are only for who asks for them with the arrow.
  const [asked, setAsked] = useState(false);
  const at = cursor === null ? null : wordAt(text, cursor);
  const word = at && (asked || at.key !== null || at.typed !== '') ? at : null;
  const facet = facetOf(word);
  const counted = changeFilter(search, { q: word?.others || undefined });
  const { values } = useFacet(counted, facet ?? 'outcome', { pause: facet === null, fresh: false });
  const known = { values: facet === null ? null : values, timeZone, now: new Date() };
  const offered = word === null ? [] : suggestionsFor(word, known);
  const active = chosen === null ? null : (offered[chosen] ?? null);

  const close = () => {
    setCursor(null);
    setChosen(null);
    setAsked(false);
  };
  const move = (step: 1 | -1) => {
    const count = offered.length;
    const from = chosen ?? (step === 1 ? -1 : 0);
    setChosen((from + step + count) % count);
  };
  const pick = (suggestion: QuerySuggestion) => {
    if (!word) return;
    close();
    onPick(word, suggestion);
  };
  return {
    offered,
    active,
    chosen,
    open: (place: number) => {
      setCursor(place);
      setChosen(null);
      setAsked(false);
    },
    close,
    pick,
    /** Whether the key was for the list. */
    onKey: (key: string, place: number): boolean => {
      if (offered.length === 0) {
        if (key !== 'ArrowDown') return false;
        setCursor(place);
        setAsked(true);
        return true;
      }
      if (key === 'ArrowDown') move(1);
      else if (key === 'ArrowUp') move(-1);
      else if (key === 'Enter' && active) pick(active);
      else if (key === 'Escape') close();
      else return false;
      return true;
    },
  };
}
