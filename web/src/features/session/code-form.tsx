import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import * as words from '~/words/session';
import { SecondStepSchema } from './account-schema';
import { type AccountCompany, giveCode } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

interface CodeFormProps {
  onDone: (companies: AccountCompany[]) => Promise<void>;
  onBack: () => void;
}

/** A whole code of an authenticator app, however it was typed or pasted. */
const WHOLE = /^\s*\d{3}\s*\d{3}\s*$/;

/** The second step of signing in, for who has turned it on. */
export function CodeForm({ onDone, onBack }: CodeFormProps) {
  const [recovery, setRecovery] = useState(false);
  const { form, onSubmit, problem, busy } = useAccountForm(
    SecondStepSchema,
    { code: '' },
    async ({ code }) => onDone((await giveCode(code)).companies),
  );
  const sendWhole = ({ currentTarget }: FormEvent<HTMLInputElement>) => {
    const whole = !recovery && WHOLE.test(currentTarget.value);
    const element = currentTarget.form;
    // The form takes the value in with the same event.
    if (whole) queueMicrotask(() => element?.requestSubmit());
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <Text size="sm">{recovery ? words.enterRecoveryCode : words.enterDigits}</Text>
        <TextInput
          label={recovery ? words.recoveryCode : words.code}
          name="code"
          inputMode={recovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoFocus
          key={`${form.key('code')} ${recovery}`}
          {...form.getInputProps('code')}
          onInput={sendWhole}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.signIn}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => setRecovery(!recovery)}>
          {recovery ? words.useAppInstead : words.useRecoveryCode}
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          {words.backToPassword}
        </Button>
      </Stack>
    </form>
  );
}
