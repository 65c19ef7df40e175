// The view of the deliveries page is its query string, as on the calls page: read here, written
// here, turned into the server's variables here.
import type {
  DeliveriesQueryVariables,
  DeliveryFilter,
  DeliveryKind,
  DeliveryOutcome,
  DeliveryReason,
} from '~/gql/documents';
import { enumValues, keepKnown } from '~/lib/search-lists';
import {
  endOf,
  type Range,
  rangeFilter,
  rangeMs,
  readRange,
  startOf,
  type TimeRange,
} from '~/lib/time-range';
import {
  DELIVERY_KIND_WORDS,
  DELIVERY_OUTCOME_WORDS,
  REASON_WORDS,
} from '~/words/delivery-reasons';

const PAGE_SIZE = 50;
const CURSOR_CHARS_MAX = 2_000;
const ID_CHARS_MAX = 200;
const MINUTE_MS = 60_000;

/** What was refused is kept for this long, so a standard view shows all there is of it. */
export const STANDARD_RANGE: Range = '7d';

const inAddress = (words: Record<string, unknown>) =>
  Object.keys(words).map((each) => each.toLowerCase());

export const OUTCOMES = inAddress(DELIVERY_OUTCOME_WORDS);
export const REASONS = inAddress(REASON_WORDS);
export const KINDS = inAddress(DELIVERY_KIND_WORDS);

export interface DeliveriesSearch extends TimeRange {
  /** Outcomes. */
  st?: string;
  /** Reasons. */
  why?: string;
  kind?: string;
  after?: string;
  before?: string;
  /** The delivery that is open. */
  d?: string;
}

export function readDeliveriesSearch(raw: Record<string, unknown>): DeliveriesSearch {
  const text = (key: string, charsMax: number) => {
    const value = raw[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, charsMax) : undefined;
  };
  const search: DeliveriesSearch = {
    st: keepKnown(raw.st, OUTCOMES),
    why: keepKnown(raw.why, REASONS),
    kind: keepKnown(raw.kind, KINDS),
    ...readRange(raw),
    after: text('after', CURSOR_CHARS_MAX),
    before: text('before', CURSOR_CHARS_MAX),
    d: text('d', ID_CHARS_MAX),
  };
  if (search.range === STANDARD_RANGE) search.range = undefined;
  if (search.after !== undefined) search.before = undefined;
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** A change of what is listed starts again at the first page, with nothing open. */
export function changeFilter(search: DeliveriesSearch, change: DeliveriesSearch): DeliveriesSearch {
  return readDeliveriesSearch({
    ...search,
    ...change,
    after: undefined,
    before: undefined,
    d: undefined,
  });
}

export function hasFilter({ st, why, kind, range, from, to }: DeliveriesSearch): boolean {
  return [st, why, kind, range, from, to].some((value) => value !== undefined);
}

export function canBeLive(search: DeliveriesSearch): boolean {
  return search.after === undefined && search.before === undefined;
}

interface CompanyZone {
  id: string;
  timeZone: string;
}

export function deliveriesVariables(
  search: DeliveriesSearch,
  company: CompanyZone,
): DeliveriesQueryVariables {
  const filter: DeliveryFilter = {};
  if (search.st) filter.outcome = { in: enumValues<DeliveryOutcome>(search.st) };
  if (search.why) filter.reason = { in: enumValues<DeliveryReason>(search.why) };
  if (search.kind) filter.kind = { in: enumValues<DeliveryKind>(search.kind) };
  filter.receivedAt = rangeFilter(withStandard(search), company.timeZone);
  return {
    company: company.id,
    filter,
    ...(search.before === undefined
      ? { first: PAGE_SIZE, after: search.after }
      : { last: PAGE_SIZE, before: search.before }),
  };
}

/** The same range as instants, for the numbers; to the minute, so that one answer serves for it. */
export function numbersRange(
  search: TimeRange,
  timeZone: string,
  now: Date,
): { since: string; until?: string } {
  const { range, from, to } = withStandard(search);
  if (range) {
    const minute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
    return { since: new Date(minute - rangeMs(range)).toISOString() };
  }
  return {
    since: from ? startOf(from, timeZone) : new Date(0).toISOString(),
    until: to && endOf(to, timeZone),
  };
}

function withStandard({ range, from, to }: TimeRange): TimeRange {
  return range || from || to ? { range, from, to } : { range: STANDARD_RANGE };
}
