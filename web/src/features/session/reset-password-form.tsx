import { Button, PasswordInput, Stack } from '@mantine/core';
import * as words from '~/words/session';
import { ResetPasswordSchema } from './account-schema';
import { resetPassword } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

interface ResetPasswordFormProps {
  /** What stands behind the `#` of the link in the mail. */
  link: string;
  onDone: () => void;
}

export function ResetPasswordForm({ link, onDone }: ResetPasswordFormProps) {
  const { form, onSubmit, problem, busy } = useAccountForm(
    ResetPasswordSchema,
    { password: '' },
    async ({ password }) => {
      await resetPassword(link, password);
      onDone();
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <PasswordInput
          label={words.newPassword}
          description={words.passwordHint}
          name="password"
          autoComplete="new-password"
          autoFocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.changePassword}
        </Button>
      </Stack>
    </form>
  );
}
