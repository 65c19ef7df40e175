import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { AuthError } from './auth-api';
import { Problem } from './problem';

interface OpenLinkProps {
  /** What the link does. */
  open: () => Promise<unknown>;
  /** What the button says. */
  button: string;
  /** What is said when it is done. */
  doneText: string;
  /** Where it goes on. */
  next: { href: string; text: string };
}

/** A link is good once, and programs open what stands in mails: a person has to press. */
export function OpenLink({ open, button, doneText, next }: OpenLinkProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await open();
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
        <Button component="a" href={next.href} fullWidth>
          {next.text}
        </Button>
      ) : (
        <Button onClick={confirm} loading={busy} fullWidth>
          {button}
        </Button>
      )}
      <Text size="sm" role="status">
        {done && doneText}
      </Text>
    </Stack>
  );
}
