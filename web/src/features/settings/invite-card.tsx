import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { InviteMemberDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as scopeWords from '~/words/group-scope';
import { ROLE_HINTS } from '~/words/roles';
import * as words from '~/words/settings';
import { GroupPicker } from './group-picker';
import classes from './people-page.module.css';
import { type GivenRole, ROLE_OPTIONS } from './role-words';
import { Done, Problem } from './said';
import { Card } from './settings-page';

interface Invited {
  email: string;
  role: GivenRole;
  groupScope: string[];
}

const EMPTY: Invited = { email: '', role: 'MEMBER', groupScope: [] };

export function InviteCard({ onInvited }: { onInvited: () => void }) {
  const company = useCompany();
  const [{ fetching }, invite] = useMutation(InviteMemberDocument);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initialValues: EMPTY,
    validate: { email: (value) => (value.trim() === '' ? words.enterEmail : null) },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const { role, groupScope } = form.values;
  const isScoped = role !== 'ADMIN' && groupScope.length > 0;
  const submit = async ({ email }: Invited) => {
    clearProblem();
    setSentTo(null);
    const { data, error } = await invite({
      input: { companyId: company.id, email, role, ...(isScoped && { groupScope }) },
    });
    if (!wentWell({ error, userErrors: data?.inviteMember.userErrors })) return;
    setSentTo(email);
    form.setValues({ email: '' });
    onInvited();
  };
  return (
    <Card title={words.inviteSomebody}>
      <form className={classes.invite} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <TextInput
          label={words.email}
          type="email"
          name="email"
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label={words.role}
          name="role"
          data={ROLE_OPTIONS}
          {...form.getInputProps('role')}
        />
        {role !== 'ADMIN' && (
          <div className={classes.groups}>
            <GroupPicker
              label={scopeWords.groups}
              placeholder={scopeWords.everybody}
              chosen={groupScope}
              error={form.errors.groupScope}
              onChange={(chosen) => form.setFieldValue('groupScope', chosen)}
            />
          </div>
        )}
        <Button type="submit" loading={fetching} className={classes.send}>
          {words.sendInvitation}
        </Button>
      </form>
      <p className={classes.roleHint}>{isScoped ? scopeWords.someCallsHint : ROLE_HINTS[role]}</p>
      <Done>{sentTo && words.invitationSent(<bdi>{sentTo}</bdi>)}</Done>
      <Problem text={problem} />
    </Card>
  );
}
