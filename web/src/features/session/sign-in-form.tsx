import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import * as words from '~/words/session';
import { SignInSchema } from './account-schema';
import { type AccountCompany, signIn } from './auth-api';
import { CodeForm } from './code-form';
import { EmailField } from './email-field';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

interface SignInFormProps {
  /** Who it most likely is. */
  email?: string;
  onDone: (companies: AccountCompany[]) => Promise<void>;
}

export function SignInForm({ email, onDone }: SignInFormProps) {
  const [needsCode, setNeedsCode] = useState(false);
  if (needsCode) return <CodeForm onDone={onDone} onBack={() => setNeedsCode(false)} />;
  return <PasswordForm email={email} onDone={onDone} onNeedsCode={() => setNeedsCode(true)} />;
}

interface PasswordFormProps extends SignInFormProps {
  onNeedsCode: () => void;
}

function PasswordForm({ email = '', onDone, onNeedsCode }: PasswordFormProps) {
  const { form, onSubmit, problem, busy } = useAccountForm(
    SignInSchema,
    { email, password: '' },
    async (values) => {
      const { needsCode, companies } = await signIn(values);
      if (needsCode) onNeedsCode();
      else await onDone(companies);
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <EmailField
          autoFocus={email === ''}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={words.password}
          name="password"
          autoComplete="current-password"
          autoFocus={email !== ''}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.signIn}
        </Button>
      </Stack>
    </form>
  );
}
