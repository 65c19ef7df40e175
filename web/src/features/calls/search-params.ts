// The view of the calls page is its query string: read here, written here, turned into the
// server's variables here. Everything unknown or malformed is dropped without a word.
import type {
  CallFilter,
  CallOutcome,
  CallState,
  CallsQueryVariables,
  Direction,
} from '~/gql/documents';
import { enumValues, keepKnown } from '~/lib/search-lists';
import { rangeFilter, readRange, type TimeRange } from '~/lib/time-range';

export const PAGE_SIZE = 50;
const QUERY_CHARS_MAX = 1_000;
const CURSOR_CHARS_MAX = 2_000;

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export const OUTCOMES = [
  'answered',
  'missed',
  'voicemail',
  'abandoned',
  'blocked',
  'cancelled',
  'ongoing',
] as const;
/** The life-cycle states a call can be in; what arrives after its end never becomes its state. */
export const STATES = [
  'preanswer',
  'calling',
  'ringing',
  'queued',
  'connected',
  'hold',
  'parked',
  'merged',
  'monitor',
  'barge',
  'takeover',
  'voicemail',
  'missed',
  'blocked',
  'hangup',
] as const;
export interface CallsSearch extends TimeRange {
  q?: string;
  dir?: string;
  outcome?: string;
  state?: string;
  sort?: 'oldest';
  after?: string;
  before?: string;
}

export function readCallsSearch(raw: Record<string, unknown>): CallsSearch {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const search: CallsSearch = {
    q: text('q')?.slice(0, QUERY_CHARS_MAX),
    dir: keepKnown(raw.dir, DIRECTIONS),
    outcome: keepKnown(raw.outcome, OUTCOMES),
    state: keepKnown(raw.state, STATES),
    ...readRange(raw),
    sort: text('sort') === 'oldest' ? 'oldest' : undefined,
    after: text('after')?.slice(0, CURSOR_CHARS_MAX),
    before: text('before')?.slice(0, CURSOR_CHARS_MAX),
  };
  // The two cursors exclude each other.
  if (search.after !== undefined) search.before = undefined;
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** A change of what is searched starts again at the first page: a cursor belongs to one search. */
export function changeFilter(search: CallsSearch, change: CallsSearch): CallsSearch {
  return readCallsSearch({ ...search, ...change, after: undefined, before: undefined });
}

export function hasFilter(search: CallsSearch): boolean {
  const { q, dir, outcome, state, range, from, to } = search;
  return [q, dir, outcome, state, range, from, to].some((value) => value !== undefined);
}

/** Live needs the first page of a list that begins with the newest call. */
export function canBeLive(search: CallsSearch): boolean {
  return search.after === undefined && search.before === undefined && search.sort === undefined;
}

export function callsVariables(
  search: CallsSearch,
  company: { id: string; timeZone: string },
): CallsQueryVariables {
  const filter: CallFilter = {};
  if (search.dir) filter.direction = { in: enumValues<Direction>(search.dir) };
  if (search.outcome) filter.outcome = { in: enumValues<CallOutcome>(search.outcome) };
  if (search.state) filter.state = { in: enumValues<CallState>(search.state) };
  const started = rangeFilter(search, company.timeZone);
  if (started) filter.dateStarted = started;
  return {
    company: company.id,
    query: search.q?.trim() || undefined,
    filter: Object.keys(filter).length === 0 ? undefined : filter,
    orderBy: search.sort === 'oldest' ? 'STARTED_ASC' : 'STARTED_DESC',
    ...(search.before === undefined
      ? { first: PAGE_SIZE, after: search.after }
      : { last: PAGE_SIZE, before: search.before }),
  };
}
