import { ActionIcon, Menu } from '@mantine/core';
import { CalendarClock, Link2, Snowflake } from 'lucide-react';
import type { Company } from '~/lib/company';
import { copyAndSay } from '~/lib/toast';
import classes from './calls-page.module.css';
import { frozenLink, viewLink } from './links';
import type { CallsSearch } from './search-params';

interface CopyLinkMenuProps {
  search: CallsSearch;
  company: Company;
}

export function CopyLinkMenu({ search, company }: CopyLinkMenuProps) {
  const copy = (link: string) => void copyAndSay(link, 'the link');
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Copy link" title="Copy link (y)">
          <Link2 size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<CalendarClock size={15} aria-hidden />}
          onClick={() => copy(viewLink(search, company))}
        >
          Copy link
          <span className={classes.hint}>Shows what is new when it is opened</span>
        </Menu.Item>
        <Menu.Item
          leftSection={<Snowflake size={15} aria-hidden />}
          onClick={() => copy(frozenLink(search, company, new Date()))}
        >
          Copy frozen link
          <span className={classes.hint}>Ends now, and stays so</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
