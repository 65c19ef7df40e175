import { ScrollArea, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CheckList, ChoiceList, type CountedOption } from '~/components/check-list';
import { joinList } from '~/lib/search-lists';
import * as words from '~/words/calls';
import type { FacetFilterProps } from './facet-filter';
import { countOf, countText, FACET_LABEL, FACET_PARAM, type FacetValue } from './facets';
import { type Names, useFacet } from './use-facet';

const FIND_FROM = 9;
const LIST_PX_MAX = 320;

/** Stands in the popover, which has its content only while it is open: so counts load only then. */
export function FacetChoices(props: FacetFilterProps & { chosen: string[] }) {
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
          placeholder={words.find}
          aria-label={words.findIn(label)}
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
  if (values) return words.noneAmongTheseCalls;
  return failed ? words.loadingFailed : words.loadingChoices;
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
