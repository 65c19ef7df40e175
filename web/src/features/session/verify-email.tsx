import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { AuthError, verifyEmail } from './auth-api';
import { Problem } from './problem';

/** A link is good once, and programs open what stands in mails: a person has to press. */
export function VerifyEmail({ link }: { link: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await verifyEmail(link);
      setDone(true);
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="md">
      <Problem text={problem} />
      {done ? (
        <Button component="a" href="/" fullWidth>
          Go to your calls
        </Button>
      ) : (
        <Button onClick={confirm} loading={busy} fullWidth>
          Confirm my address
        </Button>
      )}
      <Text size="sm" role="status">
        {done && 'Thank you, your address is confirmed.'}
      </Text>
    </Stack>
  );
}
