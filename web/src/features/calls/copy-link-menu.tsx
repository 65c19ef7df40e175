import { ActionIcon, Menu } from '@mantine/core';
import { CalendarClock, Link2, Snowflake } from 'lucide-react';
import type { Company } from '~/lib/company';
import { copyAndSay } from '~/lib/toast';
import * as words from '~/words/calls';
import classes from './calls-page.module.css';
import { frozenLink, viewLink } from './links';
import type { CallsSearch } from './search-params';

interface CopyLinkMenuProps {
  search: CallsSearch;
  company: Company;
}

export function CopyLinkMenu({ search, company }: CopyLinkMenuProps) {
  const copy = (link: string) => void copyAndSay(link, words.linkCopied);
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.copyLink}
          title={words.copyLinkKey}
        >
          <Link2 size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<CalendarClock size={15} aria-hidden />}
          onClick={() => copy(viewLink(search, company))}
        >
          {words.copyLink}
          <span className={classes.hint}>{words.copyLinkHint}</span>
        </Menu.Item>
        <Menu.Item
          leftSection={<Snowflake size={15} aria-hidden />}
          onClick={() => copy(frozenLink(search, company, new Date()))}
        >
          {words.copyFrozenLink}
          <span className={classes.hint}>{words.copyFrozenLinkHint}</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
