import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import * as words from '~/words/components';
import classes from './confirm-dialog.module.css';
import { Dialog } from './dialog';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What the button does, as a verb with its object. */
  confirm: string;
  onClose: () => void;
  /** Answers what went wrong, in words, or `null`. */
  onConfirm: () => Promise<string | null>;
  children: ReactNode;
}

/** Asks before something that cannot be taken back; the button that does it is never the default. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, confirm, onClose, onConfirm, children } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const close = () => {
    setProblem(null);
    onClose();
  };
  const run = async () => {
    setBusy(true);
    const found = await onConfirm();
    setBusy(false);
    if (found === null) close();
    else setProblem(found);
  };
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <div className={classes.text}>{children}</div>
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={close} data-autofocus>
          {words.cancel}
        </Button>
        <Button loading={busy} onClick={run}>
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
