import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ChangePasswordDocument } from '~/gql/documents';
import { failureText } from '~/lib/request-failure';
import { plural } from '~/lib/text';
import classes from './security-page.module.css';
import { Card } from './settings-page';

const EMPTY = { currentPassword: '', newPassword: '' };

interface PasswordCardProps {
  /** For programs that keep passwords. */
  email: string;
  onChanged: () => void;
}

export function PasswordCard({ email, onChanged }: PasswordCardProps) {
  const [{ fetching }, change] = useMutation(ChangePasswordDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      currentPassword: (value) => (value === '' ? 'Enter your current password.' : null),
      newPassword: (value) => (value === '' ? 'Choose a new password.' : null),
    },
  });
  const focusOn = (field: string) => form.getInputNode(field)?.focus();
  const submit = async (input: typeof EMPTY) => {
    setProblem(null);
    setDone(null);
    const { data, error } = await change({ input });
    const wrong = data?.changePassword.userErrors[0];
    const field = wrong?.field?.at(-1) ?? '';
    if (error) setProblem(failureText(error));
    else if (wrong && field in EMPTY) {
      form.setFieldError(field, wrong.message);
      focusOn(field);
    } else if (wrong) setProblem(wrong.message);
    else {
      form.reset();
      setDone(endedWords(data?.changePassword.endedCount ?? 0));
      onChanged();
    }
  };
  return (
    <Card title="Password">
      <p className={classes.hint}>Changing it signs you out everywhere else.</p>
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(submit, (errors) => focusOn(Object.keys(errors)[0] ?? ''))}
      >
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          name="currentPassword"
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label="New password"
          description="At least 8 characters."
          name="newPassword"
          autoComplete="new-password"
          {...form.getInputProps('newPassword')}
        />
        <div>
          <Button type="submit" size="xs" loading={fetching}>
            Change password
          </Button>
        </div>
      </form>
      <div role="status">{done && <p className={classes.said}>{done}</p>}</div>
      {problem && (
        <p className={classes.said} data-failed role="alert">
          {problem}
        </p>
      )}
    </Card>
  );
}

function endedWords(count: number): string {
  if (count === 0) return 'The password is changed.';
  return `The password is changed, and ${plural(count, 'other session was', 'other sessions were')} ended.`;
}
