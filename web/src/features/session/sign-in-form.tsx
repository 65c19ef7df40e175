import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { SignInSchema } from './account-schema';
import { type AccountCompany, signIn } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

interface SignInFormProps {
  /** Who it most likely is. */
  email?: string;
  onDone: (companies: AccountCompany[]) => Promise<void>;
}

export function SignInForm({ email = '', onDone }: SignInFormProps) {
  const { form, onSubmit, problem, busy } = useAccountForm(
    SignInSchema,
    { email, password: '' },
    async (values) => onDone(await signIn(values)),
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
          autoFocus={email === ''}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          autoFocus={email !== ''}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
