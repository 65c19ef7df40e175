import { Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useEffectEvent } from 'react';
import { Logo } from '~/components/logo';
import { Toast } from '~/components/toast';
import type { Company } from '~/lib/company';
import { holdsModKey } from '~/lib/keyboard';
import { closePalette, openPalette, usePaletteScope } from '~/lib/palette';
import { useIdleLoad } from '~/lib/use-idle-load';
import { useOpener } from '~/lib/use-opener';
import * as words from '~/words/shell';
import classes from './company-shell.module.css';
import { EndBanner } from './end-banner';
import { HealthBanner } from './health-banner';
import { OfflineBar } from './offline-bar';
import { Sidebar } from './sidebar';
import { useShellCommands } from './use-shell-commands';

const loadPalette = () => import('./command-palette');
const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }));

const loadMobileMenu = () => import('./mobile-menu');
const MobileMenu = lazy(async () => ({ default: (await loadMobileMenu()).MobileMenu }));

const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcut-sheet')).ShortcutSheet,
}));

/** Where the sidebar has no place; the styles say the same. */
const NARROW = '(max-width: 47.99em)';

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
  const [menuOpen, menu] = useDisclosure(false, {
    onOpen: opener.remember,
    onClose: opener.giveBack,
  });
  const palette = usePaletteScope();
  const path = useRouterState({ select: (state) => state.location.pathname });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes, or the palette opens from it.
  useEffect(() => menu.close(), [path, palette]);

  useIdleLoad(() => {
    void loadPalette();
    if (window.matchMedia(NARROW).matches) void loadMobileMenu();
  });
  useShellCommands(companies, sheet.open);
  usePaletteKey();

  const sidebar = <Sidebar companies={companies} email={email} onShowShortcuts={sheet.open} />;

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {words.skipToContent}
      </a>
      <header className={classes.header}>
        <Burger size="sm" opened={menuOpen} onClick={menu.toggle} aria-label={words.menu} />
        <Logo />
      </header>
      <aside className={classes.side} aria-label={words.sidebar}>
        {sidebar}
      </aside>
      <main id="content" tabIndex={-1} className={classes.main}>
        <OfflineBar />
        <EndBanner />
        <HealthBanner />
        {children}
      </main>
      {menuOpen && (
        <Suspense fallback={null}>
          <MobileMenu opened onClose={menu.close}>
            {sidebar}
          </MobileMenu>
        </Suspense>
      )}
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
