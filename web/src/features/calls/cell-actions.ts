// What can be done with a value in the list: narrow the list to it, leave it out, copy it.
import { stateWords } from '~/lib/call-state';
import { phoneText } from '~/lib/phone';
import { dayKey } from '~/lib/time';
import { NO_RANGE } from '~/lib/time-range';
import { DIRECTION_WORDS, OUTCOME_WORDS } from '~/words/call-outcome';
import * as words from '~/words/cell-actions';
import { callTime } from './call-words';
import type { Column } from './columns';
import { type CallsSearch, changeFilter, STATES } from './search-params';
import type { CallRow } from './use-calls';

export type CellAction = { title: string } & (
  | { show: CallsSearch }
  | { copy: string; said: string }
);

export interface ActionGroup {
  /** What the value is, in the words of its column. */
  title: string;
  actions: CellAction[];
}

interface Place {
  search: CallsSearch;
  timeZone: string;
}

/** Of one cell, or of all that a row has something to say about. */
export function actionsFor(call: CallRow, column: Column | null, place: Place): ActionGroup[] {
  const columns: Column[] =
    column === null ? ['customer', 'person', 'outcome', 'direction', 'callId'] : [column];
  return columns
    .map((each) => GROUPS[each]?.(call, place) ?? callGroup(call, place))
    .filter(({ actions }) => actions.length > 0);
}

const GROUPS: Partial<Record<Column, (call: CallRow, place: Place) => ActionGroup>> = {
  customer: customerGroup,
  person: personGroup,
  outcome: ({ outcome }, { search }) => ({
    title: OUTCOME_WORDS[outcome],
    actions: oneOf(search, 'outcome', outcome.toLowerCase()),
  }),
  direction: ({ direction }, { search }) => ({
    title: DIRECTION_WORDS[direction],
    actions: oneOf(search, 'dir', direction.toLowerCase()),
  }),
  state: ({ state, stateRaw }, { search }) => ({
    title: stateWords(state, stateRaw),
    actions: isSearchable(state) ? oneOf(search, 'state', state.toLowerCase()) : [],
  }),
  ourNumber: ({ internalNumber }, { search }) => numberGroup('internal', internalNumber, search),
};

function customerGroup({ contact, externalNumber }: CallRow, { search }: Place): ActionGroup {
  const name = contact?.name?.trim() || null;
  const number = phoneText(externalNumber);
  const ofNumber = numberGroup('external', externalNumber, search);
  if (name === null || name === number) return ofNumber;
  return {
    title: name,
    actions: [
      ...byWord(search, 'contact', name),
      { title: words.copyName, copy: name, said: words.nameCopied },
      ...ofNumber.actions,
    ],
  };
}

function personGroup({ target, internalNumber }: CallRow, { search }: Place): ActionGroup {
  const name = target?.name?.trim();
  if (!target || !name) return numberGroup('internal', internalNumber, search);
  const id = target.id ?? target.email;
  const only: CellAction =
    id && !id.includes(',')
      ? { title: words.onlyThis, show: changeFilter(search, { who: id }) }
      : { title: words.onlyThis, show: withTerm(search, `person:${quoted(name)}`) };
  return {
    title: name,
    actions: [
      only,
      { title: words.allButThis, show: withTerm(search, `-person:${quoted(name)}`) },
      { title: words.copyName, copy: name, said: words.nameCopied },
    ],
  };
}

function numberGroup(
  side: 'external' | 'internal',
  number: CallRow['externalNumber'],
  search: CallsSearch,
): ActionGroup {
  const shown = phoneText(number);
  if (!number || shown === null) return { title: words.numberTitle, actions: [] };
  // A word in place of a number, such as "blocked", is nothing to search numbers for.
  if (number.e164 === null) return { title: shown, actions: [] };
  return {
    title: shown,
    actions: [
      { title: words.allCallsWithThisNumber, show: { q: `number:${number.e164}` } },
      { title: words.allButThisNumber, show: withTerm(search, `-${side}:${number.e164}`) },
      { title: words.copyNumber, copy: number.e164, said: words.numberCopied },
    ],
  };
}

function callGroup(call: CallRow, { search, timeZone }: Place): ActionGroup {
  const day = dayKey(callTime(call), timeZone);
  return {
    title: words.thisCall,
    actions: [
      { title: words.onlyThisDay, show: changeFilter(search, { ...NO_RANGE, from: day, to: day }) },
      { title: words.copyCallId, copy: call.callId, said: words.callIdCopied },
    ],
  };
}

/** A value of a filter of its own: chosen there, and left out by a term of the search box. */
function oneOf(
  search: CallsSearch,
  param: 'dir' | 'outcome' | 'state',
  value: string,
): CellAction[] {
  const key = param === 'dir' ? 'direction' : param;
  return [
    { title: words.onlyThis, show: changeFilter(search, { [param]: value }) },
    {
      title: words.allButThis,
      show: withTerm(changeFilter(search, { [param]: undefined }), `-${key}:${value}`),
    },
  ];
}

function byWord(search: CallsSearch, key: string, text: string): CellAction[] {
  return [
    { title: words.onlyThis, show: withTerm(search, `${key}:${quoted(text)}`) },
    { title: words.allButThis, show: withTerm(search, `-${key}:${quoted(text)}`) },
  ];
}

function withTerm(search: CallsSearch, term: string): CallsSearch {
  const terms = search.q ?? '';
  return changeFilter(search, { q: terms.includes(term) ? terms : `${terms} ${term}`.trim() });
}

/** A quoted text has no way to hold a quotation mark. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', ' ')}"`;
}

function isSearchable(state: string): boolean {
  return (STATES as readonly string[]).includes(state.toLowerCase());
}
