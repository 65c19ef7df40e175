// The filters of the list in words: for chips, for the title of the page and for "no match".
import { listOf } from '~/lib/search-lists';
import { NO_RANGE, rangeLabel } from '~/lib/time-range';
import {
  DELIVERY_KIND_WORDS,
  DELIVERY_OUTCOME_WORDS,
  REASON_WORDS,
} from '~/words/delivery-reasons';
import { changeFilter, type DeliveriesSearch, KINDS, OUTCOMES, REASONS } from './search-params';

function options(values: string[], labels: Record<string, string>) {
  return values.map((value) => ({ value, label: labels[value.toUpperCase()] ?? value }));
}

const REASON_LABELS = Object.fromEntries(
  Object.entries(REASON_WORDS).map(([reason, { what }]) => [reason, what]),
);

export const OUTCOME_OPTIONS = options(OUTCOMES, DELIVERY_OUTCOME_WORDS);
export const REASON_OPTIONS = options(REASONS, REASON_LABELS);
export const KIND_OPTIONS = options(KINDS, DELIVERY_KIND_WORDS);

function labels(joined: string | undefined, known: { value: string; label: string }[]): string {
  return listOf(joined)
    .map((value) => known.find((option) => option.value === value)?.label ?? value)
    .join(', ');
}

export function activeFilters(search: DeliveriesSearch, timeZone: string) {
  const found: { label: string; without: DeliveriesSearch }[] = [];
  const add = (label: string | null, change: DeliveriesSearch) => {
    if (label) found.push({ label, without: changeFilter(search, change) });
  };
  add(labels(search.st, OUTCOME_OPTIONS), { st: undefined });
  add(labels(search.why, REASON_OPTIONS), { why: undefined });
  add(labels(search.kind, KIND_OPTIONS), { kind: undefined });
  add(rangeLabel(search, timeZone), NO_RANGE);
  return found;
}

export function describeSearch(search: DeliveriesSearch, timeZone: string): string | null {
  return (
    activeFilters(search, timeZone)
      .map(({ label }) => label)
      .join(', ')
      .slice(0, 60) || null
  );
}
