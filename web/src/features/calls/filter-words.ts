// The filters of a search in words: for chips, for the title of the page and for "no match".
import { listOf } from '~/lib/search-lists';
import { NO_RANGE, rangeLabel } from '~/lib/time-range';
import { DIRECTION_WORDS, OUTCOME_WORDS } from '~/words/call-outcome';
import { STATE_WORDS } from '~/words/call-state';
import * as words from '~/words/calls';
import { queryTokens, removeToken } from './query-tokens';
import { type CallsSearch, changeFilter, DIRECTIONS, OUTCOMES, STATES } from './search-params';

export function outcomeLabel(value: string): string {
  const known: Record<string, string> = OUTCOME_WORDS;
  return known[value.toUpperCase()] ?? value;
}

function directionLabel(value: string): string {
  const known: Record<string, string> = DIRECTION_WORDS;
  return known[value.toUpperCase()] ?? value;
}

export function stateLabel(value: string): string {
  const known: Record<string, string> = STATE_WORDS;
  return known[value.toUpperCase()] ?? value;
}

export const DIRECTION_OPTIONS = DIRECTIONS.map((value) => ({
  value,
  label: directionLabel(value),
  // Nobody looks for it, but it must not be missed where it occurs.
  rare: value === 'unknown',
}));
export const OUTCOME_OPTIONS = OUTCOMES.map((value) => ({ value, label: outcomeLabel(value) }));
export const STATE_OPTIONS = STATES.map((value) => ({ value, label: stateLabel(value) }));
export const YES_OR_NO_OPTIONS = [
  { value: '1', label: words.yes },
  { value: '0', label: words.no },
];

/** What the address alone does not say. */
export interface Words {
  timeZone: string;
  /** Of people and groups, by id. */
  names?: ReadonlyMap<string, string>;
}

export interface ActiveFilter {
  label: string;
  /** The same search without it. */
  without: CallsSearch;
}

export function activeFilters(search: CallsSearch, { timeZone, names }: Words): ActiveFilter[] {
  const found: ActiveFilter[] = [];
  const add = (label: string, change: CallsSearch) =>
    found.push({ label, without: changeFilter(search, change) });
  const query = search.q ?? '';
  for (const token of queryTokens(query)) {
    add(token.text, { q: removeToken(query, token) || undefined });
  }
  if (search.dir) add(listOf(search.dir).map(directionLabel).join(', '), { dir: undefined });
  if (search.outcome) {
    add(listOf(search.outcome).map(outcomeLabel).join(', '), { outcome: undefined });
  }
  if (search.state) add(listOf(search.state).map(stateLabel).join(', '), { state: undefined });
  const named = (joined: string) =>
    listOf(joined)
      .map((id) => names?.get(id) ?? id)
      .join(', ');
  if (search.who) add(named(search.who), { who: undefined });
  if (search.tgt) add(named(search.tgt), { tgt: undefined });
  if (search.rec) add(search.rec === '1' ? words.recorded : words.notRecorded, { rec: undefined });
  const voicemail = search.vm === '1' ? words.withVoicemail : words.withoutVoicemail;
  if (search.vm) add(voicemail, { vm: undefined });
  const range = rangeLabel(search, timeZone);
  if (range) add(range, NO_RANGE);
  return found;
}

const TITLE_CHARS_MAX = 60;

export function describeSearch(search: CallsSearch, known: Words): string | null {
  const text = activeFilters(search, known)
    .map(({ label }) => label)
    .join(', ');
  if (text === '') return null;
  return text.length > TITLE_CHARS_MAX ? `${text.slice(0, TITLE_CHARS_MAX)}…` : text;
}
