import { Button } from '@mantine/core';
import { NoMatch } from '~/components/list-states';
import { NO_RANGE } from '~/lib/time-range';
import * as words from '~/words/calls';
import type { Count } from './facets';
import { type ActiveFilter, activeFilters, type Words } from './filter-words';
import { type CallsSearch, changeFilter } from './search-params';
import { useWithout } from './use-without';

interface NoCallMatchesProps {
  search: CallsSearch;
  known: Words;
  onShow: (search: CallsSearch) => void;
}

/** Says which filter removed everything, as far as it was one. */
export function NoCallMatches({ search, known, onShow }: NoCallMatchesProps) {
  const filters = activeFilters(search, known);
  const counts = useWithout(filters);
  const narrowed = search.range !== '90d' && (search.range ?? search.from ?? search.to);
  // The time stands last among the filters.
  const wouldHelp = filters.length > 1 ? counts[filters.length - 1]?.value !== 0 : true;
  return (
    <NoMatch
      title={words.noCallMatches}
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
            {words.searchLast90DaysInstead}
          </Button>
        )
      }
    />
  );
}

function gainOf(count: Count | null | undefined): string | undefined {
  if (!count) return undefined;
  return words.callCount(count.value, count.exact);
}

function leadOf(filters: ActiveFilter[], counts: (Count | null)[]): string | undefined {
  if (filters.length < 2 || counts.length < filters.length) return undefined;
  const guilty = filters.filter((_, index) => (counts[index]?.value ?? 0) > 0);
  const [only] = guilty;
  if (guilty.length === 1 && only) {
    return words.onlyGuilty(only.label);
  }
  return guilty.length === 0 ? words.noneGuilty : undefined;
}
