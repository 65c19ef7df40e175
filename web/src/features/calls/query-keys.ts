// What can stand before a colon in the search box, and what after it. The server decides what a term
// means; this is what is offered while it is typed.
import * as words from '~/words/calls';
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
  { value: '>1m', about: words.longerThanMinute },
  { value: '>5m', about: words.longerThanFiveMinutes },
  { value: '<30s', about: words.shorterThanHalfMinute },
  { value: '5m..10m', about: words.betweenFiveAndTenMinutes },
];

const NUMBERS: QueryValue[] = [
  { value: '*5678', about: words.endsWithTheseDigits },
  { value: '1206*', about: words.beginsWithTheseDigits },
  { value: '*555*', about: words.hasTheseDigits },
];

export const QUERY_KEYS: readonly QueryKey[] = [
  {
    key: 'outcome',
    about: words.whatCameOfIt,
    values: named(OUTCOMES, outcomeLabel),
    facet: 'outcome',
  },
  {
    key: 'direction',
    about: words.whichWayItWent,
    values: named(DIRECTIONS, (value) => value),
    facet: 'direction',
  },
  { key: 'state', about: words.dialpadsState, values: named(STATES, stateLabel), facet: 'state' },
  { key: 'number', about: words.anyNumberOnCall, values: NUMBERS },
  { key: 'external', about: words.customersNumber, values: NUMBERS },
  { key: 'internal', about: words.aboutOurNumber, values: NUMBERS },
  { key: 'person', about: words.someoneOfOurs, values: [], facet: 'person' },
  { key: 'contact', about: words.aboutContact, values: [] },
  { key: 'group', about: words.aboutGroup, values: [], facet: 'group' },
  { key: 'label', about: words.label, values: [] },
  { key: 'call', about: words.dialpadsIdOfCall, values: [] },
  { key: 'duration', about: words.fromConnectionToEnd, values: LENGTHS },
  { key: 'talk', about: words.howLongPeopleTalked, values: LENGTHS },
  {
    key: 'last',
    about: words.timeBackFromNow,
    values: [
      { value: '30m' },
      { value: '24h' },
      { value: '7d' },
      { value: '2w', about: words.twoWeeks },
    ],
  },
  { key: 'after', about: words.fromThisDayOn, values: [] },
  { key: 'before', about: words.untilThisDay, values: [] },
  { key: 'on', about: words.thisDay, values: [] },
  {
    key: 'has',
    about: words.aboutHas,
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
