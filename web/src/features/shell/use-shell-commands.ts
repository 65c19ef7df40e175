// What can be done from every page: going to another one, switching company, looks, keys.
import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type Command, useCommands } from '~/lib/commands';
import { type Company, useCompany } from '~/lib/company';
import { maySeeDeliveries } from '~/lib/permissions';
import { useShortcutSwitch, useShortcuts } from '~/lib/shortcuts';
import { signOut } from '~/lib/sign-out';
import { chooseZone, ZONES } from '~/lib/time-zone';
import { copyAndSay, say } from '~/lib/toast';

const SCHEMES = [
  { value: 'light', title: 'Light colours' },
  { value: 'dark', title: 'Dark colours' },
  { value: 'auto', title: 'Colours as the system' },
] as const;

export function useShellCommands(companies: Company[], showSheet: () => void): void {
  const pages = usePages();
  const company = useCompany();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const [shortcutsOn, setShortcutsOn] = useShortcutSwitch();
  const switchShortcuts = () => {
    setShortcutsOn(!shortcutsOn);
    say(shortcutsOn ? 'Single-key shortcuts are off' : 'Single-key shortcuts are on');
  };
  useShortcuts({
    ...Object.fromEntries(pages.map(({ keys = [], run }) => [keys.join(' '), run])),
    '?': showSheet,
  });
  useCommands([
    ...pages,
    ...companies
      .filter(({ id }) => id !== company.id)
      .map(
        ({ id, name, slug }): Command => ({
          id: `company-${id}`,
          title: `Switch to ${name}`,
          group: 'Company',
          run: () => void navigate({ to: '/c/$company/calls', params: { company: slug } }),
        }),
      ),
    {
      id: 'copy-company-id',
      title: 'Copy the company’s id for the API',
      group: 'Company',
      run: () => void copyAndSay(company.id, 'the company’s id'),
    },
    ...SCHEMES.map(
      ({ value, title }): Command => ({
        id: `colours-${value}`,
        title,
        group: 'Look and keys',
        keywords: 'theme mode scheme',
        run: () => setColorScheme(value),
      }),
    ),
    ...ZONES.map(
      (zone): Command => ({
        id: `zone-${zone}`,
        title: `Times in ${zone === 'utc' ? 'UTC' : `the ${zone}’s time zone`}`,
        group: 'Look and keys',
        keywords: 'time zone clock',
        run: () => chooseZone(zone),
      }),
    ),
    {
      id: 'shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Look and keys',
      keywords: 'help keys sheet',
      keys: ['?'],
      run: showSheet,
    },
    {
      id: 'shortcuts-switch',
      title: shortcutsOn ? 'Switch single-key shortcuts off' : 'Switch single-key shortcuts on',
      group: 'Look and keys',
      keywords: 'accessibility',
      run: switchShortcuts,
    },
    {
      id: 'sign-out',
      title: 'Sign out',
      group: 'Account',
      keywords: 'log out leave',
      run: () => void signOut(),
    },
  ]);
}

function usePages(): Command[] {
  const { slug, viewerRole } = useCompany();
  const navigate = useNavigate();
  const params = { company: slug };
  const page = (
    title: string,
    key: string,
    to:
      | '/c/$company/calls'
      | '/c/$company/deliveries'
      | '/c/$company/setup'
      | '/c/$company/api'
      | '/c/$company/settings/security',
    keywords: string,
  ): Command => ({
    id: `page-${key}`,
    title,
    group: 'Go to',
    keywords,
    keys: ['g', key],
    run: () => void navigate({ to, params }),
  });
  return [
    page('Calls', 'c', '/c/$company/calls', 'list history'),
    ...(maySeeDeliveries(viewerRole)
      ? [page('Deliveries', 'd', '/c/$company/deliveries', 'events webhook log refused')]
      : []),
    page('Set-up', 's', '/c/$company/setup', 'setup request url secret dialpad settings'),
    page('API', 'i', '/c/$company/api', 'graphql explorer schema'),
    page('Settings', ',', '/c/$company/settings/security', 'security password sessions e-mail'),
  ];
}
