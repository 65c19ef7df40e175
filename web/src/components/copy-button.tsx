import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import * as words from '~/words/components';

interface CopyButtonProps {
  /** What is copied, or how to make it: long text is only built when wanted. */
  value: string | (() => string);
  /** The accessible name: "Copy Request URL". */
  label: string;
  /** With the words beside the icon. */
  labelled?: boolean;
}

export function CopyButton({ value, label, labelled = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1_600 });
  const copy = () => clipboard.copy(typeof value === 'string' ? value : value());
  const icon = clipboard.copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />;
  const said = clipboard.copied ? words.copied : clipboard.error ? words.copyNotAllowed : '';
  return (
    <>
      {labelled ? (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={icon}
          onClick={copy}
          aria-label={label}
        >
          {clipboard.copied ? words.copied : words.copy}
        </Button>
      ) : (
        <Tooltip label={said || label}>
          <ActionIcon
            variant="subtle"
            color={clipboard.copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={label}
          >
            {icon}
          </ActionIcon>
        </Tooltip>
      )}
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  );
}
