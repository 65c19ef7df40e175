import { Button, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { SignUpSchema } from './account-schema';
import { type AccountCompany, signUp } from './auth-api';
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
          label="Company name"
          name="companyName"
          autoComplete="organization"
          autoFocus
          key={form.key('companyName')}
          {...form.getInputProps('companyName')}
        />
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <NativeSelect
          label="Time zone"
          description="Taken from this browser. Decides where a day begins and ends."
          name="timeZone"
          data={zones}
          key={form.key('timeZone')}
          {...form.getInputProps('timeZone')}
        />
        <Button type="submit" loading={busy} fullWidth>
          Create account
        </Button>
      </Stack>
    </form>
  );
}

/** The browser's own zone may be one that the list leaves out, such as UTC. */
function allZones(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
}
