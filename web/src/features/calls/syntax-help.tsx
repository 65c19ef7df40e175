import { ActionIcon, Popover } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import classes from './search-box.module.css';

const EXAMPLES: [query: string, what: string][] = [
  ['5678', 'Last digits of a number'],
  ['ada@example.com', 'Name, e-mail or call id'],
  ['number:*5678', 'Number that ends in 5678'],
  ['state:missed direction:inbound', 'Missed calls from outside'],
  ['state:[missed,voicemail]', 'One of several'],
  ['-direction:outbound', 'Everything but outbound'],
  ['duration:>5m', 'Longer than five minutes'],
  ['has:voicemail last:7d', 'With a voicemail, this week'],
];

export function SyntaxHelp({ onPick }: { onPick: (query: string) => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={360}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => setOpened(!opened)}
          aria-label="How to search"
        >
          <CircleHelp size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="How to search">
        <p className={classes.helpLead}>Terms are combined. Choose an example to try it.</p>
        {EXAMPLES.map(([query, what]) => (
          <button
            type="button"
            key={query}
            className={classes.example}
            onClick={() => {
              setOpened(false);
              onPick(query);
            }}
          >
            <code>{query}</code>
            <span>{what}</span>
          </button>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
