// The view of the calls page is its query string: read here, written here, turned into the
// server's variables here. Everything unknown or malformed is dropped without a word.
import type {
  CallFilter,
  CallOutcome,
  CallState,
  CallsQueryVariables,
  ConversationsQueryVariables,
  Direction,
} from '~/gql/documents';
import { enumValues, keepIds, keepKnown, listOf } from '~/lib/search-lists';
import { NO_RANGE, rangeFilter, readRange, type TimeRange } from '~/lib/time-range';

export const PAGE_SIZE = 50;
/** Enough to say who answered; whoever opens a conversation sees all of its legs. */
const OUTLINED_LEGS = 10;
const QUERY_CHARS_MAX = 1_000;
const CURSOR_CHARS_MAX = 2_000;
const CALL_ID_CHARS_MAX = 200;
const VIEW_ID_CHARS_MAX = 200;

export const DIRECTIONS = ['inbound', 'outbound', 'unknown'] as const;
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
const YES_OR_NO = ['1', '0'] as const;

export interface CallsSearch extends TimeRange {
  q?: string;
  dir?: string;
  outcome?: string;
  state?: string;
  /** Dialpad's ids of people, or their e-mail. */
  who?: string;
  /** Departments, call centres and offices, such as `CallCenter:5`. */
  tgt?: string;
  /** Whether it was recorded, whether a voicemail was left: `1` or `0`. */
  rec?: string;
  vm?: string;
  /** What a row is: a call (one leg), or all legs that belong together. */
  list?: 'conversations';
  sort?: 'oldest';
  /** The saved view it began as. */
  view?: string;
  after?: string;
  before?: string;
  /** The call that is open beside the list. */
  call?: string;
}

export const NO_FILTER: CallsSearch = {
  q: undefined,
  dir: undefined,
  outcome: undefined,
  state: undefined,
  who: undefined,
  tgt: undefined,
  rec: undefined,
  vm: undefined,
  ...NO_RANGE,
};

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
    who: keepIds(raw.who),
    tgt: keepIds(raw.tgt),
    rec: keepOne(raw.rec),
    vm: keepOne(raw.vm),
    ...readRange(raw),
    list: text('list') === 'conversations' ? 'conversations' : undefined,
    sort: text('sort') === 'oldest' ? 'oldest' : undefined,
    view: text('view')?.slice(0, VIEW_ID_CHARS_MAX),
    after: text('after')?.slice(0, CURSOR_CHARS_MAX),
    before: text('before')?.slice(0, CURSOR_CHARS_MAX),
    call: text('call')?.slice(0, CALL_ID_CHARS_MAX),
  };
  // The two cursors exclude each other.
  if (search.after !== undefined) search.before = undefined;
  // Conversations come newest first only.
  if (search.list !== undefined) search.sort = undefined;
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

function keepOne(value: unknown): string | undefined {
  return YES_OR_NO.find((each) => each === value);
}

/** A change of what is searched starts again at the first page: a cursor belongs to one search. */
export function changeFilter(search: CallsSearch, change: CallsSearch): CallsSearch {
  return readCallsSearch({ ...search, ...change, after: undefined, before: undefined });
}

export function hasFilter({
  list,
  sort,
  view,
  after,
  before,
  call,
  ...conditions
}: CallsSearch): boolean {
  return Object.values(conditions).some((value) => value !== undefined);
}

/** Live needs the first page of a list that begins with the newest call. */
export function canBeLive(search: CallsSearch): boolean {
  return search.after === undefined && search.before === undefined && search.sort === undefined;
}

interface CompanyZone {
  id: string;
  timeZone: string;
}

/** Which calls are asked for, without order and page. */
export function questionOf(search: CallsSearch, { id, timeZone }: CompanyZone) {
  const filter: CallFilter = {};
  if (search.dir) filter.direction = { in: enumValues<Direction>(search.dir) };
  if (search.outcome) filter.outcome = { in: enumValues<CallOutcome>(search.outcome) };
  if (search.state) filter.state = { in: enumValues<CallState>(search.state) };
  if (search.who) filter.or = listOf(search.who).map((who) => ({ person: { eq: who } }));
  if (search.tgt) filter.groupId = { in: listOf(search.tgt) };
  if (search.rec) filter.wasRecorded = search.rec === '1';
  if (search.vm) filter.hasVoicemail = search.vm === '1';
  const started = rangeFilter(search, timeZone);
  if (started) filter.dateStarted = started;
  return {
    company: id,
    query: search.q?.trim() || undefined,
    filter: Object.keys(filter).length === 0 ? undefined : filter,
  };
}

export function callsVariables(search: CallsSearch, company: CompanyZone): CallsQueryVariables {
  return {
    ...questionOf(search, company),
    orderBy: search.sort === 'oldest' ? 'STARTED_ASC' : 'STARTED_DESC',
    ...pageOf(search),
  };
}

export function conversationsVariables(
  search: CallsSearch,
  company: CompanyZone,
): ConversationsQueryVariables {
  return { ...questionOf(search, company), ...pageOf(search), legs: OUTLINED_LEGS };
}

function pageOf({ after, before }: CallsSearch) {
  return before === undefined ? { first: PAGE_SIZE, after } : { last: PAGE_SIZE, before };
}
