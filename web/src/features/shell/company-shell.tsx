import { Burger, CloseButton, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { Logo } from '~/components/logo';
import { type Company, useCompany } from '~/lib/company';
import { maySeeDeliveries } from '~/lib/permissions';
import { useShortcuts } from '~/lib/shortcuts';
import classes from './company-shell.module.css';
import { HealthBanner } from './health-banner';
import { OfflineBar } from './offline-bar';
import { ShortcutSheet } from './shortcut-sheet';
import { Sidebar } from './sidebar';

interface CompanyShellProps {
  companies: Company[];
  email: string | null;
  children: ReactNode;
}

export function CompanyShell({ companies, email, children }: CompanyShellProps) {
  const company = useCompany();
  const navigate = useNavigate();
  const [sheetOpen, sheet] = useDisclosure(false);
  const [menuOpen, menu] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes.
  useEffect(() => menu.close(), [path]);

  const params = { company: company.slug };
  useShortcuts({
    'g c': () => void navigate({ to: '/c/$company/calls', params }),
    'g d': () => {
      if (maySeeDeliveries(company.viewerRole)) {
        void navigate({ to: '/c/$company/deliveries', params });
      }
    },
    'g s': () => void navigate({ to: '/c/$company/setup', params }),
    '?': sheet.open,
  });

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
      <ShortcutSheet opened={sheetOpen} onClose={sheet.close} />
    </div>
  );
}
