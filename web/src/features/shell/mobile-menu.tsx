import { CloseButton, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import * as words from '~/words/shell';
import classes from './company-shell.module.css';

interface MobileMenuProps {
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** What stands beside the page on a wide screen, drawn over it on a narrow one. */
export function MobileMenu({ opened, onClose, children }: MobileMenuProps) {
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      size={272}
      classNames={{ content: classes.drawer, body: classes.drawerBody }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={words.menu}>
        <Drawer.Body>
          <CloseButton className={classes.close} onClick={onClose} aria-label={words.closeMenu} />
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
