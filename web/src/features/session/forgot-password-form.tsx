import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { RequestResetSchema } from './account-schema';
import { requestReset } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { form, onSubmit, problem, busy } = useAccountForm(
    RequestResetSchema,
    { email: '' },
    async ({ email }) => {
      await requestReset(email);
      setSentTo(email);
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {sentTo === null ? 'Send the link' : 'Send it again'}
        </Button>
        <Text size="sm" role="status">
          {sentTo !== null && (
            <>
              If <bdi>{sentTo}</bdi> has an account, a link is on its way. It works once, for 30
              minutes.
            </>
          )}
        </Text>
      </Stack>
    </form>
  );
}
