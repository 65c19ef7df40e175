import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';

interface CopyButtonProps {
  /** What is copied, or how to make it: long text is only built when wanted. */
  value: string | (() => string);
  /** What it is, for the accessible name: "Copy Request URL". */
  what: string;
  /** With the words beside the icon. */
  labelled?: boolean;
}

export function CopyButton({ value, what, labelled = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1_600 });
  const copy = () => clipboard.copy(typeof value === 'string' ? value : value());
  const icon = clipboard.copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />;
  const said = clipboard.copied ? 'Copied' : clipboard.error ? 'Copying is not allowed here' : '';
  return (
    <>
      {labelled ? (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={icon}
          onClick={copy}
          aria-label={`Copy ${what}`}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
      ) : (
        <Tooltip label={said || `Copy ${what}`}>
          <ActionIcon
            variant="subtle"
            color={clipboard.copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={`Copy ${what}`}
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
