// The filters of a search in words: for chips, for the title of the page and for "no match".
import { STATE_WORDS } from '~/lib/call-state';
import { listOf } from '~/lib/search-lists';
import { capital } from '~/lib/text';
import { rangeLabel } from '~/lib/time-range';
import { queryTokens, removeToken } from './query-tokens';
import { type CallsSearch, changeFilter, OUTCOMES, STATES } from './search-params';

export function outcomeLabel(value: string): string {
  return value === 'ongoing' ? 'In progress' : capital(value);
}

export function stateLabel(value: string): string {
  const known: Record<string, string> = STATE_WORDS;
  return known[value.toUpperCase()] ?? value;
}

export const OUTCOME_OPTIONS = OUTCOMES.map((value) => ({ value, label: outcomeLabel(value) }));
export const STATE_OPTIONS = STATES.map((value) => ({ value, label: stateLabel(value) }));

export interface ActiveFilter {
  label: string;
  /** The same search without it. */
  without: CallsSearch;
}

export function activeFilters(search: CallsSearch): ActiveFilter[] {
  const found: ActiveFilter[] = [];
  const add = (label: string, change: CallsSearch) =>
    found.push({ label, without: changeFilter(search, change) });
  const query = search.q ?? '';
  for (const token of queryTokens(query)) {
    add(token.text, { q: removeToken(query, token) || undefined });
  }
  if (search.dir) add(listOf(search.dir).map(capital).join(', '), { dir: undefined });
  if (search.outcome) {
    add(listOf(search.outcome).map(outcomeLabel).join(', '), { outcome: undefined });
  }
  if (search.state) add(listOf(search.state).map(stateLabel).join(', '), { state: undefined });
  const range = rangeLabel(search);
  if (range) add(range, { range: undefined, from: undefined, to: undefined });
  return found;
}

const TITLE_CHARS_MAX = 60;

export function describeSearch(search: CallsSearch): string | null {
  const words = activeFilters(search)
    .map(({ label }) => label)
    .join(', ');
  if (words === '') return null;
  return words.length > TITLE_CHARS_MAX ? `${words.slice(0, TITLE_CHARS_MAX)}…` : words;
}
