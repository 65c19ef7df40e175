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
import * as words from '~/words/commands';

const SCHEMES = [
  { value: 'light', title: words.lightColours },
  { value: 'dark', title: words.darkColours },
  { value: 'auto', title: words.coloursAsSystem },
] as const;

export function useShellCommands(companies: Company[], showSheet: () => void): void {
  const pages = usePages();
  const company = useCompany();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const [shortcutsOn, setShortcutsOn] = useShortcutSwitch();
  const switchShortcuts = () => {
    setShortcutsOn(!shortcutsOn);
    say(shortcutsOn ? words.singleKeysOff : words.singleKeysOn);
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
          title: words.switchTo(name),
          group: 'company',
          run: () => void navigate({ to: '/c/$company/calls', params: { company: slug } }),
        }),
      ),
    {
      id: 'copy-company-id',
      title: words.copyCompanyId,
      group: 'company',
      run: () => void copyAndSay(company.id, words.companyIdCopied),
    },
    ...SCHEMES.map(
      ({ value, title }): Command => ({
        id: `colours-${value}`,
        title,
        group: 'look',
        keywords: words.colourKeywords,
        run: () => setColorScheme(value),
      }),
    ),
    ...ZONES.map(
      (zone): Command => ({
        id: `zone-${zone}`,
        title: words.TIMES_IN[zone],
        group: 'look',
        keywords: words.zoneKeywords,
        run: () => chooseZone(zone),
      }),
    ),
    {
      id: 'shortcuts',
      title: words.keyboardShortcuts,
      group: 'look',
      keywords: words.sheetKeywords,
      keys: ['?'],
      run: showSheet,
    },
    {
      id: 'shortcuts-switch',
      title: shortcutsOn ? words.switchSingleKeysOff : words.switchSingleKeysOn,
      group: 'look',
      keywords: words.switchKeywords,
      run: switchShortcuts,
    },
    {
      id: 'sign-out',
      title: words.signOut,
      group: 'account',
      keywords: words.leaveKeywords,
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
    group: 'go',
    keywords,
    keys: ['g', key],
    run: () => void navigate({ to, params }),
  });
  return [
    page(words.calls, 'c', '/c/$company/calls', words.callsKeywords),
    ...(maySeeDeliveries(viewerRole)
      ? [page(words.deliveries, 'd', '/c/$company/deliveries', words.deliveriesKeywords)]
      : []),
    page(words.setUp, 's', '/c/$company/setup', words.setupKeywords),
    page(words.api, 'i', '/c/$company/api', words.apiKeywords),
    page(words.settings, ',', '/c/$company/settings/security', words.settingsKeywords),
  ];
}
