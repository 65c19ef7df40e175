import { ScrollArea, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CheckList, ChoiceList, type CountedOption, chosenWords } from '~/components/check-filter';
import { FilterChip } from '~/components/filter-chip';
import { joinList, listOf } from '~/lib/search-lists';
import {
  countOf,
  countText,
  FACET_LABEL,
  FACET_PARAM,
  type Facet,
  type FacetValue,
} from './facets';
import type { CallsSearch } from './search-params';
import { type Names, useFacet } from './use-facet';

interface FacetFilterProps {
  facet: Facet;
  /** The values there are; without them, those that the calls have. */
  options?: { value: string; label: string; rare?: boolean }[];
  /** The values exclude each other. */
  single?: boolean;
  search: CallsSearch;
  names: Names;
  onChange: (part: CallsSearch) => void;
}

/** A filter that says beforehand how many calls each of its values would leave. */
export function FacetFilter(props: FacetFilterProps) {
  const { facet, options = [], search, names, onChange } = props;
  const label = FACET_LABEL[facet];
  const chosen = listOf(search[FACET_PARAM[facet]]);
  const words = chosen.map(
    (value) => options.find((option) => option.value === value)?.label ?? names.get(value) ?? value,
  );
  return (
    <FilterChip
      label={label}
      value={chosenWords(words)}
      onClear={() => onChange({ [FACET_PARAM[facet]]: undefined })}
    >
      {() => <FacetChoices {...props} chosen={chosen} />}
    </FilterChip>
  );
}

const FIND_FROM = 9;
const LIST_PX_MAX = 320;

/** Stands in the popover, which has its content only while it is open: so counts load only then. */
function FacetChoices(props: FacetFilterProps & { chosen: string[] }) {
  const { facet, options, single = false, search, names, chosen, onChange } = props;
  const label = FACET_LABEL[facet];
  const { values, error } = useFacet(search, facet);
  const [wanted, setWanted] = useState('');
  const all = options ? known(options, values, chosen) : found(values ?? [], names, chosen);
  const shown = all.filter((each) => each.label.toLowerCase().includes(wanted.toLowerCase()));
  const change = (value: string | undefined) => onChange({ [FACET_PARAM[facet]]: value });
  if (single) {
    return <ChoiceList {...{ label, options: shown }} chosen={chosen[0]} onChange={change} />;
  }
  return (
    <Stack gap="xs">
      {!options && all.length >= FIND_FROM && (
        <TextInput
          size="xs"
          placeholder="Find"
          aria-label={`Find in ${label}`}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      {shown.length === 0 && <span>{emptyWords(values, error !== undefined)}</span>}
      <ScrollArea.Autosize mah={LIST_PX_MAX} offsetScrollbars="present">
        <CheckList
          {...{ label, chosen }}
          options={shown}
          onChange={(next) => change(joinList(next))}
        />
      </ScrollArea.Autosize>
    </Stack>
  );
}

function emptyWords(values: FacetValue[] | null, failed: boolean): string {
  if (values) return 'None among these calls';
  return failed ? 'Loading failed' : 'Loading…';
}

function counted(option: CountedOption, values: FacetValue[] | null): CountedOption {
  const count = values && countOf(values, option.value);
  if (!count) return option;
  return { ...option, count: countText(count), none: count.value === 0 };
}

/** The values of an enum keep their places; one that hardly occurs is offered when it does. */
function known(
  options: { value: string; label: string; rare?: boolean }[],
  values: FacetValue[] | null,
  chosen: string[],
): CountedOption[] {
  return options
    .filter(
      ({ value, rare }) =>
        !rare || chosen.includes(value) || values?.some((each) => each.value === value),
    )
    .map(({ value, label }) => counted({ value, label }, values));
}

/** People and groups by how often they occur; what is chosen stays even when it does not. */
function found(values: FacetValue[], names: Names, chosen: string[]): CountedOption[] {
  const others = chosen.filter((id) => values.every(({ value }) => value !== id));
  return [
    ...values.map(({ value, label = value, hint }) => counted({ value, label, hint }, values)),
    ...others.map((value) => counted({ value, label: names.get(value) ?? value }, values)),
  ];
}
