import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo, useState } from 'react';
import { useMutation } from 'urql';
import { UpdateCompanyDocument } from '~/gql/documents';
import { allZones } from '~/lib/all-zones';
import type { Company } from '~/lib/company';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Done, Problem } from './said';
import { Card } from './settings-page';

interface CompanyCardProps {
  company: Company;
  onSaved: (slug: string) => Promise<void>;
}

export function CompanyCard({ company, onSaved }: CompanyCardProps) {
  const [{ fetching }, update] = useMutation(UpdateCompanyDocument);
  const [done, setDone] = useState(false);
  const zones = useMemo(() => allZones(company.timeZone), [company.timeZone]);
  const { name, slug, timeZone } = company;
  const form = useForm({
    initialValues: { name, slug, timeZone },
    validate: {
      name: (value) => (value.trim() === '' ? words.enterCompanyName : null),
      slug: (value) => (value.trim() === '' ? words.enterAddressOfPages : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (values: typeof form.values) => {
    clearProblem();
    setDone(false);
    const { data, error } = await update({ input: { companyId: company.id, ...values } });
    if (!wentWell({ error, userErrors: data?.updateCompany.userErrors })) return;
    setDone(true);
    await onSaved(data?.updateCompany.company?.slug ?? slug);
  };
  return (
    <Card title={words.company}>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.companyName}
          name="name"
          autoComplete="organization"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={words.addressOfPages}
          description={words.addressOfPagesHint(form.values.slug)}
          name="slug"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('slug')}
        />
        <NativeSelect
          label={words.timeZone}
          description={words.timeZoneOfCompanyHint}
          name="timeZone"
          data={zones}
          {...form.getInputProps('timeZone')}
        />
        <div>
          <Button type="submit" size="xs" loading={fetching}>
            {words.saveCompany}
          </Button>
        </div>
      </form>
      <Done>{done && words.companySaved}</Done>
      <Problem text={problem} />
    </Card>
  );
}
