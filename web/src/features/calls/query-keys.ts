// What can stand before a colon in the search box, and what after it. The server decides what a term
// means; this is what is offered while it is typed.

import type { Facet } from './facets';
import { outcomeLabel, stateLabel } from './filter-words';
import { DIRECTIONS, OUTCOMES, STATES } from './search-params';

export interface QueryValue {
  value: string;
  /** What it means, where it does not say so itself. */
  about?: string;
}

export interface QueryKey {
  key: string;
  about: string;
  values: readonly QueryValue[];
  /** Where the calls themselves say which values there are, and how many calls have each. */
  facet?: Facet;
}

const named = (values: readonly string[], label: (value: string) => string): QueryValue[] =>
  values.map((value) => {
    const about = label(value);
    return about.toLowerCase() === value ? { value } : { value, about };
  });

const LENGTHS: QueryValue[] = [
  { value: '>1m', about: 'longer than a minute' },
  { value: '>5m', about: 'longer than five minutes' },
  { value: '<30s', about: 'shorter than half a minute' },
  { value: '5m..10m', about: 'between five and ten minutes' },
];

const NUMBERS: QueryValue[] = [
  { value: '*5678', about: 'ends with these digits' },
  { value: '1206*', about: 'begins with these digits' },
  { value: '*555*', about: 'has these digits' },
];

export const QUERY_KEYS: readonly QueryKey[] = [
  {
    key: 'outcome',
    about: 'what came of it',
    values: named(OUTCOMES, outcomeLabel),
    facet: 'outcome',
  },
  {
    key: 'direction',
    about: 'which way it went',
    values: named(DIRECTIONS, (value) => value),
    facet: 'direction',
  },
  { key: 'state', about: 'Dialpad’s state', values: named(STATES, stateLabel), facet: 'state' },
  { key: 'number', about: 'any number on the call', values: NUMBERS },
  { key: 'external', about: 'the customer’s number', values: NUMBERS },
  { key: 'internal', about: 'our number', values: NUMBERS },
  { key: 'person', about: 'someone of ours', values: [], facet: 'person' },
  { key: 'contact', about: 'the customer, by name or e-mail', values: [] },
  { key: 'group', about: 'department, call centre or office', values: [], facet: 'group' },
  { key: 'label', about: 'a label', values: [] },
  { key: 'call', about: 'Dialpad’s id of a call', values: [] },
  { key: 'duration', about: 'from connection to end', values: LENGTHS },
  { key: 'talk', about: 'how long people talked', values: LENGTHS },
  {
    key: 'last',
    about: 'a time back from now',
    values: [
      { value: '30m' },
      { value: '24h' },
      { value: '7d' },
      { value: '2w', about: 'two weeks' },
    ],
  },
  { key: 'after', about: 'from this day on', values: [] },
  { key: 'before', about: 'until this day', values: [] },
  { key: 'on', about: 'this day', values: [] },
  {
    key: 'has',
    about: 'voicemail, recording, transfer',
    values: [{ value: 'voicemail' }, { value: 'recording' }, { value: 'transfer' }],
  },
];

/** Keys whose values are days, which change with the clock. */
export const DAY_KEYS: ReadonlySet<string> = new Set(['after', 'before', 'on']);

const SHORT: Record<string, string> = { dir: 'direction' };

export function queryKey(written: string): QueryKey | null {
  const key = written.toLowerCase();
  return QUERY_KEYS.find((each) => each.key === (SHORT[key] ?? key)) ?? null;
}
