import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ChangePasswordDocument } from '~/gql/documents';
import { useFormAnswer } from '~/lib/use-form-answer';
import * as words from '~/words/settings';
import card from './card.module.css';
import { Done, Problem } from './said';
import { Card } from './settings-page';

const EMPTY = { currentPassword: '', newPassword: '' };

interface PasswordCardProps {
  /** For programs that keep passwords. */
  email: string;
  onChanged: () => void;
}

export function PasswordCard({ email, onChanged }: PasswordCardProps) {
  const [{ fetching }, change] = useMutation(ChangePasswordDocument);
  const [done, setDone] = useState<string | null>(null);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      currentPassword: (value) => (value === '' ? words.enterCurrentPassword : null),
      newPassword: (value) => (value === '' ? words.chooseNewPassword : null),
    },
  });
  const { problem, clearProblem, wentWell, focusFirst } = useFormAnswer(form);
  const submit = async (input: typeof EMPTY) => {
    clearProblem();
    setDone(null);
    const { data, error } = await change({ input });
    if (!wentWell({ error, userErrors: data?.changePassword.userErrors })) return;
    form.reset();
    setDone(endedWords(data?.changePassword.endedCount ?? 0));
    onChanged();
  };
  return (
    <Card title={words.password}>
      <p className={card.hint}>{words.passwordLead}</p>
      <form className={card.form} noValidate onSubmit={form.onSubmit(submit, focusFirst)}>
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={words.currentPassword}
          name="currentPassword"
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label={words.newPassword}
          description={words.passwordHint}
          name="newPassword"
          autoComplete="new-password"
          {...form.getInputProps('newPassword')}
        />
        <div>
          <Button type="submit" size="xs" loading={fetching}>
            {words.changePassword}
          </Button>
        </div>
      </form>
      <Done>{done}</Done>
      <Problem text={problem} />
    </Card>
  );
}

function endedWords(count: number): string {
  return count === 0 ? words.passwordChanged : words.passwordChangedAndEnded(count);
}
