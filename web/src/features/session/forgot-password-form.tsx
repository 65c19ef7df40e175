import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import * as words from '~/words/session';
import { RequestResetSchema } from './account-schema';
import { requestReset } from './auth-api';
import { EmailField } from './email-field';
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
        <EmailField autoFocus key={form.key('email')} {...form.getInputProps('email')} />
        <Button type="submit" loading={busy} fullWidth>
          {sentTo === null ? words.sendLink : words.sendItAgain}
        </Button>
        <Text size="sm" role="status">
          {sentTo !== null && words.linkSent(<bdi>{sentTo}</bdi>)}
        </Text>
      </Stack>
    </form>
  );
}
