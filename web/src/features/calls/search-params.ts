// The view of the calls page is its query string: read here, written here, turned into the
// server's variables here. Everything unknown or malformed is dropped without a word.
import type {
  CallFilter,
  CallOutcome,
  CallState,
  CallsQueryVariables,
  Direction,
} from '~/gql/documents';
import { isDay, shiftDay, startOfDay } from '~/lib/time';

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
export const RANGES = {
  '1h': '-PT1H',
  '24h': '-PT24H',
  '7d': '-P7D',
  '30d': '-P30D',
  '90d': '-P90D',
};
export type Range = keyof typeof RANGES;

/** Lists are joined by commas, so that the address stays short and can be typed. */
export interface CallsSearch {
  q?: string;
  dir?: string;
  outcome?: string;
  state?: string;
  range?: Range;
  from?: string;
  to?: string;
  sort?: 'oldest';
  after?: string;
  before?: string;
}

export function readCallsSearch(raw: Record<string, unknown>): CallsSearch {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const range = text('range');
  const from = text('from');
  const to = text('to');
  const search: CallsSearch = {
    q: text('q')?.slice(0, QUERY_CHARS_MAX),
    dir: keepKnown(text('dir'), DIRECTIONS),
    outcome: keepKnown(text('outcome'), OUTCOMES),
    state: keepKnown(text('state'), STATES),
    range: range !== undefined && Object.hasOwn(RANGES, range) ? (range as Range) : undefined,
    from: from !== undefined && isDay(from) ? from : undefined,
    to: to !== undefined && isDay(to) ? to : undefined,
    sort: text('sort') === 'oldest' ? 'oldest' : undefined,
    after: text('after')?.slice(0, CURSOR_CHARS_MAX),
    before: text('before')?.slice(0, CURSOR_CHARS_MAX),
  };
  // A relative range and days exclude each other, and so do the two cursors.
  if (search.range !== undefined) search.from = search.to = undefined;
  if (search.after !== undefined) search.before = undefined;
  if (search.from !== undefined && search.to !== undefined && search.from > search.to) {
    [search.from, search.to] = [search.to, search.from];
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export function listOf(joined: string | undefined): string[] {
  return joined === undefined ? [] : joined.split(',');
}

function keepKnown(joined: string | undefined, known: readonly string[]): string | undefined {
  const wanted = new Set(listOf(joined?.toLowerCase()));
  const kept = known.filter((each) => wanted.has(each));
  return kept.length === 0 ? undefined : kept.join(',');
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
  const upper = <T extends string>(joined: string | undefined) =>
    listOf(joined).map((each) => each.toUpperCase() as T);
  if (search.dir) filter.direction = { in: upper<Direction>(search.dir) };
  if (search.outcome) filter.outcome = { in: upper<CallOutcome>(search.outcome) };
  if (search.state) filter.state = { in: upper<CallState>(search.state) };
  if (search.range) filter.dateStarted = { gte: RANGES[search.range] };
  if (search.from || search.to) {
    filter.dateStarted = {
      gte: search.from && startOfDay(search.from, company.timeZone),
      // The last day counts in full.
      lt: search.to && startOfDay(shiftDay(search.to, 1), company.timeZone),
    };
  }
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
