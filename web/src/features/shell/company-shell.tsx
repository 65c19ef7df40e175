import { Burger, CloseButton, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useEffectEvent } from 'react';
import { Logo } from '~/components/logo';
import { Toast } from '~/components/toast';
import type { Company } from '~/lib/company';
import { holdsModKey } from '~/lib/keyboard';
import { closePalette, openPalette, usePaletteScope } from '~/lib/palette';
import { useOpener } from '~/lib/use-opener';
import classes from './company-shell.module.css';
import { HealthBanner } from './health-banner';
import { OfflineBar } from './offline-bar';
import { Sidebar } from './sidebar';
import { useShellCommands } from './use-shell-commands';

const loadPalette = () => import('./command-palette');
const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }));

const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcut-sheet')).ShortcutSheet,
}));

interface CompanyShellProps {
  companies: Company[];
  email: string | null;
  children: ReactNode;
}

export function CompanyShell({ companies, email, children }: CompanyShellProps) {
  const opener = useOpener();
  const [sheetOpen, sheet] = useDisclosure(false, {
    onOpen: opener.remember,
    onClose: opener.giveBack,
  });
  const [menuOpen, menu] = useDisclosure(false);
  const palette = usePaletteScope();
  const path = useRouterState({ select: (state) => state.location.pathname });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes, or the palette opens from it.
  useEffect(() => menu.close(), [path, palette]);

  // Fetched when there is nothing else to do, so that it is there when it is asked for.
  useEffect(() => {
    window.requestIdleCallback?.(() => void loadPalette());
  }, []);
  useShellCommands(companies, sheet.open);
  usePaletteKey();

  const sidebar = <Sidebar companies={companies} email={email} onShowShortcuts={sheet.open} />;

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.header}>
        <Burger size="sm" opened={menuOpen} onClick={menu.toggle} aria-label="Menu" />
        <Logo />
      </header>
      <aside className={classes.side} aria-label="Sidebar">
        {sidebar}
      </aside>
      <Drawer.Root
        opened={menuOpen}
        onClose={menu.close}
        size={272}
        classNames={{ content: classes.drawer, body: classes.drawerBody }}
      >
        <Drawer.Overlay />
        <Drawer.Content aria-label="Menu">
          <Drawer.Body>
            <CloseButton className={classes.close} onClick={menu.close} aria-label="Close menu" />
            {sidebar}
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main id="content" tabIndex={-1} className={classes.main}>
        <OfflineBar />
        <HealthBanner />
        {children}
      </main>
      {sheetOpen && (
        <Suspense fallback={null}>
          <ShortcutSheet opened onClose={sheet.close} />
        </Suspense>
      )}
      {palette !== null && (
        <Suspense fallback={null}>
          <CommandPalette key={palette} scope={palette} onClose={closePalette} />
        </Suspense>
      )}
      <Toast />
    </div>
  );
}

/** Works everywhere, in fields too: it is no single key. */
function usePaletteKey(): void {
  const opened = usePaletteScope() !== null;
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !holdsModKey(event) || event.shiftKey) return;
    // A dialog that asks something wants its answer first.
    if (!opened && document.querySelector('[role="dialog"]')) return;
    event.preventDefault();
    if (opened) closePalette();
    else openPalette();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
