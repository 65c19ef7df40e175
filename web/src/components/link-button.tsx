import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Link2 } from 'lucide-react';
import * as words from '~/words/components';

/** Copies a link to what the page shows. */
export function LinkButton({ link }: { link: () => string }) {
  const clipboard = useClipboard({ timeout: 1_600 });
  const said = clipboard.copied ? words.copied : clipboard.error ? words.copyNotAllowed : '';
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
        {said || words.copyLink}
      </Button>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  );
}
