import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import * as words from '~/words/components';
import classes from './dialog.module.css';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  /** It is gone from the page, and the focus is back where it was. */
  onClosed?: () => void;
  title: string;
  size?: 'sm' | 'md' | 'lg';
  children: ReactNode;
}

/** The kit's own head of a dialog is a second banner of the page; this one is plain. */
export function Dialog({ opened, onClose, onClosed, title, size = 'md', children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} onExitTransitionEnd={onClosed} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={words.close} />
        </div>
        <Modal.Body className={classes.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
