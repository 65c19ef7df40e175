import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from 'urql';
import { DeleteCompanyDocument, KeepCompanyDocument } from '~/gql/documents';
import type { Company } from '~/lib/company';
import { exactTime, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Problem } from './said';
import { Card } from './settings-page';

interface EndCompanyCardProps {
  company: Company;
  onChanged: () => Promise<void>;
}

/** Having the company deleted, for its owners; and keeping it, as long as there is time. */
export function EndCompanyCard({ company, onChanged }: EndCompanyCardProps) {
  return company.deletedFrom === null ? (
    <End company={company} onChanged={onChanged} />
  ) : (
    <Keep company={company} deletedFrom={company.deletedFrom} onChanged={onChanged} />
  );
}

function End({ company, onChanged }: EndCompanyCardProps) {
  const [{ fetching }, end] = useMutation(DeleteCompanyDocument);
  const form = useForm({
    initialValues: { name: '', currentPassword: '' },
    validate: {
      name: (value) => (value.trim() === company.name ? null : words.typeItsName(company.name)),
      currentPassword: (value) => (value === '' ? words.enterPassword : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (values: typeof form.values) => {
    clearProblem();
    const { data, error } = await end({ input: { companyId: company.id, ...values } });
    if (wentWell({ error, userErrors: data?.deleteCompany.userErrors })) await onChanged();
  };
  return (
    <Card title={words.deleteCompanyTitle}>
      <p className={card.hint}>{words.deleteCompanyLead}</p>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.companyNameAgain(company.name)}
          name="name"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <PasswordInput
          label={words.yourPassword}
          name="currentPassword"
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <div>
          <Button type="submit" size="xs" variant="outline" color="red" loading={fetching}>
            {words.deleteCompany}
          </Button>
        </div>
      </form>
      <Problem text={problem} />
    </Card>
  );
}

function Keep({ company, deletedFrom, onChanged }: EndCompanyCardProps & { deletedFrom: string }) {
  const [{ fetching }, keep] = useMutation(KeepCompanyDocument);
  const zone = useTimeZone();
  const form = useForm({ initialValues: {} });
  const { problem, clearProblem, wentWell } = useFormAnswer(form);
  const submit = async () => {
    clearProblem();
    const { data, error } = await keep({ input: { companyId: company.id } });
    if (wentWell({ error, userErrors: data?.keepCompany.userErrors })) await onChanged();
  };
  return (
    <Card title={words.deleteCompanyTitle}>
      <p className={card.hint}>
        {words.isDeletedFrom(
          <time dateTime={deletedFrom} title={exactTime(deletedFrom, zone)}>
            {shortDate(deletedFrom, zone)}
          </time>,
        )}
      </p>
      <Button size="xs" onClick={submit} loading={fetching}>
        {words.keepCompany}
      </Button>
      <Problem text={problem} />
    </Card>
  );
}
