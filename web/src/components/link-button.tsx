import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Link2 } from 'lucide-react';

/** Copies a link to what the page shows. */
export function LinkButton({ link }: { link: () => string }) {
  const clipboard = useClipboard({ timeout: 1_600 });
  const said = clipboard.copied ? 'Copied' : clipboard.error ? 'Copying is not allowed here' : '';
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={
          clipboard.copied ? <Check size={14} aria-hidden /> : <Link2 size={14} aria-hidden />
        }
        onClick={() => clipboard.copy(link())}
      >
        {said || 'Copy link'}
      </Button>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  );
}
