import { ActionIcon, Kbd, Menu, UnstyledButton } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Building2,
  Check,
  ChevronsUpDown,
  CodeXml,
  Inbox,
  Keyboard,
  LogOut,
  Phone,
  Plug,
  Search,
  Settings,
} from 'lucide-react';
import { useState } from 'react';
import { type Company, useCompany } from '~/lib/company';
import { MOD_KEY } from '~/lib/keyboard';
import { openPalette } from '~/lib/palette';
import { maySeeDeliveries } from '~/lib/permissions';
import { signOut } from '~/lib/sign-out';
import * as words from '~/words/shell';
import { ColorSchemeToggle } from './color-scheme-toggle';
import classes from './sidebar.module.css';
import { TimeZoneMenu } from './time-zone-menu';

interface SidebarProps {
  companies: Company[];
  email: string | null;
  onShowShortcuts: () => void;
}

export function Sidebar({ companies, email, onShowShortcuts }: SidebarProps) {
  const company = useCompany();
  const params = { company: company.slug };
  return (
    <div className={classes.sidebar}>
      <CompanySwitch companies={companies} />
      <UnstyledButton
        className={classes.jump}
        aria-keyshortcuts={`${MOD_KEY === '⌘' ? 'Meta' : 'Control'}+K`}
        onClick={() => openPalette()}
      >
        <Search size={15} aria-hidden /> {words.jumpTo}
        <span className={classes.jumpKeys} aria-hidden>
          <Kbd size="xs">{MOD_KEY}</Kbd>
          <Kbd size="xs">K</Kbd>
        </span>
      </UnstyledButton>
      <nav aria-label={words.main} className={classes.nav}>
        <Link to="/c/$company/calls" params={params} className={classes.link}>
          <Phone size={16} aria-hidden /> {words.calls}
        </Link>
        {maySeeDeliveries(company.viewerRole) && (
          <Link to="/c/$company/deliveries" params={params} className={classes.link}>
            <Inbox size={16} aria-hidden /> {words.deliveries}
          </Link>
        )}
        <Link to="/c/$company/setup" params={params} className={classes.link}>
          <Plug size={16} aria-hidden /> {words.setUp}
        </Link>
        <Link to="/c/$company/api" params={params} className={classes.link}>
          <CodeXml size={16} aria-hidden /> {words.api}
        </Link>
        <Link to="/c/$company/settings" params={params} className={classes.link}>
          <Settings size={16} aria-hidden /> {words.settings}
        </Link>
      </nav>
      <div className={classes.foot}>
        {email && (
          <div className={classes.email} title={email}>
            <bdi>{email}</bdi>
          </div>
        )}
        <TimeZoneMenu />
        <div className={classes.tools}>
          <ColorSchemeToggle />
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={onShowShortcuts}
            aria-label={words.keyboardShortcuts}
            title={words.keyboardShortcutsKey}
          >
            <Keyboard size={16} aria-hidden />
          </ActionIcon>
          <SignOutButton />
        </div>
      </div>
    </div>
  );
}

function CompanySwitch({ companies }: { companies: Company[] }) {
  const company = useCompany();
  const navigate = useNavigate();
  const name = (
    <>
      <span className={classes.mark} aria-hidden>
        <Building2 size={15} />
      </span>
      <bdi className={classes.name} title={company.name}>
        {company.name}
      </bdi>
    </>
  );
  if (companies.length < 2) return <div className={classes.company}>{name}</div>;
  return (
    <Menu width={220} position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.company} aria-label={words.switchCompany(company.name)}>
          {name}
          <ChevronsUpDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {companies.map((each) => (
          <Menu.Item
            key={each.id}
            rightSection={
              each.id === company.id ? <Check size={14} aria-label={words.current} /> : null
            }
            onClick={() => navigate({ to: '/c/$company/calls', params: { company: each.slug } })}
          >
            <bdi className={classes.name}>{each.name}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SignOutButton() {
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await signOut();
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={leave}
      loading={busy}
      aria-label={words.signOut}
      title={words.signOut}
    >
      <LogOut size={16} aria-hidden />
    </ActionIcon>
  );
}
