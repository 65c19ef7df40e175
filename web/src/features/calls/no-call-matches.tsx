import { Button } from '@mantine/core';
import { NoMatch } from '~/components/list-states';
import { NO_RANGE } from '~/lib/time-range';
import { type Count, countText } from './facets';
import { type ActiveFilter, activeFilters, type Words } from './filter-words';
import { type CallsSearch, changeFilter } from './search-params';
import { useWithout } from './use-without';

interface NoCallMatchesProps {
  search: CallsSearch;
  words: Words;
  onShow: (search: CallsSearch) => void;
}

/** Says which filter removed everything, as far as it was one. */
export function NoCallMatches({ search, words, onShow }: NoCallMatchesProps) {
  const filters = activeFilters(search, words);
  const counts = useWithout(filters);
  const narrowed = search.range !== '90d' && (search.range ?? search.from ?? search.to);
  // The time stands last among the filters.
  const wouldHelp = filters.length > 1 ? counts[filters.length - 1]?.value !== 0 : true;
  return (
    <NoMatch
      title="No call matches"
      lead={leadOf(filters, counts)}
      filters={filters.map((filter, index) => ({ ...filter, gain: gainOf(counts[index]) }))}
      onShow={onShow}
      action={
        narrowed &&
        wouldHelp && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => onShow(changeFilter(search, { ...NO_RANGE, range: '90d' }))}
          >
            Search the last 90 days instead
          </Button>
        )
      }
    />
  );
}

function gainOf(count: Count | null | undefined): string | undefined {
  if (!count) return undefined;
  return count.value === 1 && count.exact ? '1 call' : `${countText(count)} calls`;
}

function leadOf(filters: ActiveFilter[], counts: (Count | null)[]): string | undefined {
  if (filters.length < 2 || counts.length < filters.length) return undefined;
  const guilty = filters.filter((_, index) => (counts[index]?.value ?? 0) > 0);
  const [only] = guilty;
  if (guilty.length === 1 && only) {
    return `It is “${only.label}” that leaves nothing. Remove it, or another one:`;
  }
  return guilty.length === 0
    ? 'No single one is the cause: nothing matches without any one of these either.'
    : undefined;
}
