// What can be written where the cursor stands in the search box: a key, or a value of the key that
// stands before it.
import { dayKey, shiftDay } from '~/lib/time';
import * as words from '~/words/calls';
import { type Count, countOf, type Facet, type FacetValue } from './facets';
import { DAY_KEYS, QUERY_KEYS, type QueryKey, type QueryValue, queryKey } from './query-keys';
import { queryTokens } from './query-tokens';

/** The word at the cursor, as far as it is written. */
export interface Word {
  /** What a suggestion replaces. */
  start: number;
  end: number;
  /** The key before the colon; `null` while there is none. */
  key: QueryKey | null;
  typed: string;
  /** The query without the whole term: its values are counted among the calls of the rest. */
  others: string;
}

export interface QuerySuggestion {
  /** What is put in place of the word. */
  text: string;
  label: string;
  about: string;
  count: Count | null;
  /** More is to come: the cursor stays behind it. */
  open: boolean;
}

const SUGGESTIONS_MAX = 8;

/** `null` where nothing can be offered: inside of a quoted text, or behind a key that is none. */
export function wordAt(query: string, cursor: number): Word | null {
  const token = queryTokens(query).find(({ start, end }) => start < cursor && cursor <= end);
  if (!token) return { start: cursor, end: cursor, key: null, typed: '', others: query };
  const from = query.charAt(token.start) === '-' ? token.start + 1 : token.start;
  const written = query.slice(from, cursor);
  const others = (query.slice(0, token.start) + query.slice(token.end)).trim();
  const colon = written.indexOf(':');
  if (colon < 0) {
    return /^[a-z]*$/i.test(written)
      ? { start: from, end: token.end, key: null, typed: written, others }
      : null;
  }
  const key = queryKey(written.slice(0, colon));
  if (!key) return null;
  // Of a list only the item at the cursor is replaced.
  const item = Math.max(colon, written.lastIndexOf('['), written.lastIndexOf(',')) + 1;
  const rest = query.slice(cursor, token.end);
  const end = cursor + (/^[^,\]]*/.exec(rest)?.[0].length ?? 0);
  const typed = written.slice(item).replace(/^"/, '');
  return { start: from + item, end, key, typed, others };
}

/** Which counts of values are wanted for the word. */
export function facetOf(word: Word | null): Facet | null {
  return word?.key?.facet ?? null;
}

interface Known {
  /** The values of the key's facet, when they are known. */
  values: FacetValue[] | null;
  timeZone: string;
  now: Date;
}

export function suggestionsFor(word: Word, known: Known): QuerySuggestion[] {
  const typed = word.typed.toLowerCase();
  if (!word.key) return keySuggestions(typed).slice(0, SUGGESTIONS_MAX);
  return valueSuggestions(word.key, known)
    .filter(({ label }) => label.toLowerCase() !== typed && fits(label, typed))
    .slice(0, SUGGESTIONS_MAX);
}

/** From its beginning, or from the beginning of one of its words. */
function fits(label: string, typed: string): boolean {
  return ` ${label.toLowerCase().replaceAll(/[:"]/g, ' ')}`.includes(` ${typed}`);
}

/** Keys by their name; and who writes a value, such as "missed", is led to its key. */
function keySuggestions(typed: string): QuerySuggestion[] {
  const keys = QUERY_KEYS.filter(({ key }) => key.startsWith(typed)).map(({ key, about }) =>
    suggestion(`${key}:`, about, { open: true }),
  );
  if (typed.length < VALUE_CHARS_MIN) return keys;
  const values = QUERY_KEYS.filter(({ key }) => VALUES_BY_NAME.has(key)).flatMap((each) =>
    each.values
      .filter(({ value }) => value.startsWith(typed))
      .map(({ value, about = '' }) => suggestion(`${each.key}:${value}`, about)),
  );
  return [...keys, ...values];
}

const VALUE_CHARS_MIN = 2;
const VALUES_BY_NAME: ReadonlySet<string> = new Set(['outcome', 'direction', 'has']);

function valueSuggestions(key: QueryKey, { values, timeZone, now }: Known): QuerySuggestion[] {
  if (DAY_KEYS.has(key.key)) return days(timeZone, now).map(plain);
  if (key.facet === 'person' || key.facet === 'group') return (values ?? []).map(found(key.facet));
  const offered = key.values.map((each) => ({
    ...plain(each),
    count: values && countOf(values, each.value),
  }));
  // What occurs comes first; the rest keeps its order.
  return offered.sort((a, b) => Number(isEmpty(a)) - Number(isEmpty(b)));
}

const isEmpty = ({ count }: QuerySuggestion) => count?.value === 0 && count.exact;

const plain = ({ value, about = '' }: QueryValue) => suggestion(value, about);

function found(facet: Facet) {
  return ({ value, label = value, hint = '', count }: FacetValue): QuerySuggestion => {
    // People are searched by name, which may have blanks; groups by their id.
    const text = facet === 'person' ? `"${label.replaceAll('"', ' ')}"` : value;
    return { ...suggestion(text, hint), label, count };
  };
}

function suggestion(text: string, about: string, { open = false } = {}): QuerySuggestion {
  return { text, label: text, about, count: null, open };
}

function days(timeZone: string, now: Date): QueryValue[] {
  const today = dayKey(now.toISOString(), timeZone);
  return [
    { value: today, about: words.today },
    { value: shiftDay(today, -1), about: words.yesterday },
    { value: shiftDay(today, -7), about: words.weekAgo },
    { value: shiftDay(today, -30), about: words.thirtyDaysAgo },
  ];
}

/** The query with the suggestion in it, and where the cursor goes. */
export function withSuggestion(
  query: string,
  { start, end }: Word,
  { text, open }: QuerySuggestion,
): { query: string; cursor: number } {
  const rest = query.slice(end);
  // Behind a complete term the next one begins; inside of a list the list goes on.
  const gap = open || /^[\s,\]]/.test(rest) ? '' : ' ';
  const cursor = start + text.length + (open ? 0 : 1);
  const next = query.slice(0, start) + text + gap + rest;
  return { query: next, cursor: Math.min(cursor, next.length) };
}
