import { Button, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { allZones } from '~/lib/all-zones';
import * as words from '~/words/session';
import { SignUpSchema } from './account-schema';
import { type AccountCompany, signUp } from './auth-api';
import { EmailField } from './email-field';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

export function SignUpForm({ onDone }: { onDone: (company: AccountCompany) => Promise<void> }) {
  const timeZone = useMemo(() => Intl.DateTimeFormat().resolvedOptions().timeZone, []);
  const zones = useMemo(() => allZones(timeZone), [timeZone]);
  const { form, onSubmit, problem, busy } = useAccountForm(
    SignUpSchema,
    { companyName: '', email: '', password: '', timeZone },
    async (values) => onDone(await signUp(values)),
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <TextInput
          label={words.companyName}
          name="companyName"
          autoComplete="organization"
          autoFocus
          key={form.key('companyName')}
          {...form.getInputProps('companyName')}
        />
        <EmailField key={form.key('email')} {...form.getInputProps('email')} />
        <PasswordInput
          label={words.password}
          name="password"
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <NativeSelect
          label={words.timeZone}
          description={words.timeZoneHint}
          name="timeZone"
          data={zones}
          key={form.key('timeZone')}
          {...form.getInputProps('timeZone')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.createAccount}
        </Button>
      </Stack>
    </form>
  );
}
