import { MultiSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { GroupChoicesDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import * as words from '~/words/group-scope';
import { type GroupOption, groupOptions, typedGroup } from './group-options';

interface GroupPickerProps {
  label: string;
  placeholder?: string;
  chosen: string[];
  /** What is known of those that were chosen before. */
  known?: GroupOption[];
  error?: ReactNode;
  onChange: (chosen: string[]) => void;
}

/** Chooses groups and people among those that were on calls; others by their ids. */
export function GroupPicker(props: GroupPickerProps) {
  const { label, placeholder, chosen, known = [], error, onChange } = props;
  const company = useCompany();
  const [wanted, setWanted] = useState('');
  const [{ data }] = useQuery({
    query: GroupChoicesDocument,
    variables: { company: company.id },
  });
  const met = groupOptions(data?.company?.callFacets, [...known, ...chosen.map(asOption)]);
  const typed = typedGroup(wanted);
  const isNew = typed !== null && met.every(({ value }) => value !== typed);
  return (
    <MultiSelect
      label={label}
      placeholder={chosen.length === 0 ? placeholder : undefined}
      data={isNew ? [...met, asOption(typed)] : met}
      value={chosen}
      onChange={onChange}
      searchable
      searchValue={wanted}
      onSearchChange={setWanted}
      nothingFoundMessage={words.noGroupFound}
      error={error}
      limit={50}
      hidePickedOptions
      clearable
    />
  );
}

const asOption = (value: string): GroupOption => ({ value, label: value });
