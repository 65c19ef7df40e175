import { ActionIcon, Popover } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import * as words from '~/words/calls';
import classes from './search-box.module.css';

const EXAMPLES: [query: string, what: string][] = [
  ['5678', words.lastDigitsOfNumber],
  ['ada@example.com', words.exampleName],
  ['number:*5678', words.exampleNumberEnd],
  ['state:missed direction:inbound', words.missedCallsFromOutside],
  ['state:[missed,voicemail]', words.oneOfSeveral],
  ['-direction:outbound', words.everythingButOutbound],
  ['duration:>5m', words.exampleLonger],
  ['has:voicemail last:7d', words.withVoicemailThisWeek],
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
          aria-label={words.howToSearch}
        >
          <CircleHelp size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={words.howToSearch}>
        <p className={classes.helpLead}>{words.helpLead}</p>
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
