import { Alert } from '@mantine/core';

/** What went wrong with a form as a whole. */
export function Problem({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" c="var(--mantine-color-text)">
      {text}
    </Alert>
  );
}
