import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { InviteMemberDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { failureText } from '~/lib/request-failure';
import classes from './people-page.module.css';
import { type GivenRole, ROLE_HINTS, ROLE_OPTIONS } from './role-words';
import { Card } from './settings-page';

const EMPTY: { email: string; role: GivenRole } = { email: '', role: 'MEMBER' };

export function InviteCard({ onInvited }: { onInvited: () => void }) {
  const company = useCompany();
  const [{ fetching }, invite] = useMutation(InviteMemberDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initialValues: EMPTY,
    validate: { email: (value) => (value.trim() === '' ? 'Enter an e-mail address.' : null) },
  });
  const submit = async (values: typeof EMPTY) => {
    setProblem(null);
    setSentTo(null);
    const { data, error } = await invite({ input: { companyId: company.id, ...values } });
    const wrong = data?.inviteMember.userErrors[0];
    const field = wrong?.field?.at(-1) ?? '';
    if (error) setProblem(failureText(error));
    else if (wrong && field in EMPTY) {
      form.setFieldError(field, wrong.message);
      form.getInputNode(field)?.focus();
    } else if (wrong) setProblem(wrong.message);
    else {
      setSentTo(values.email);
      form.setValues({ email: '' });
      onInvited();
    }
  };
  return (
    <Card title="Invite somebody">
      <form
        className={classes.invite}
        noValidate
        onSubmit={form.onSubmit(submit, () => form.getInputNode('email')?.focus())}
      >
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="off"
          className={classes.email}
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label="Role"
          name="role"
          data={ROLE_OPTIONS}
          {...form.getInputProps('role')}
        />
        <Button type="submit" loading={fetching} className={classes.send}>
          Send the invitation
        </Button>
      </form>
      <p className={classes.hint}>{ROLE_HINTS[form.values.role]}</p>
      <div role="status">
        {sentTo && (
          <p className={classes.said}>
            An invitation was sent to <bdi>{sentTo}</bdi>.
          </p>
        )}
      </div>
      {problem && (
        <p className={classes.said} data-failed role="alert">
          {problem}
        </p>
      )}
    </Card>
  );
}
