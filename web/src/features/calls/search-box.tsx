import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { CombinedError } from '@urql/core';
import { CircleHelp, Search, X } from 'lucide-react';
import { type KeyboardEvent, type Ref, useState } from 'react';
import classes from './search-box.module.css';

const TYPING_PAUSE_MS = 250;

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

interface SearchBoxProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  problem: CombinedError | null;
  onChange: (query: string) => void;
}

export function SearchBox({ ref, value, problem, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // What was sent from here and has not come back through the address yet.
  const [pending, setPending] = useState<string[]>([]);
  if (value !== seen) {
    setSeen(value);
    const own = pending.indexOf(value);
    setPending(pending.slice(own + 1));
    // Changed by another hand, such as Back or a removed filter. What somebody is typing is kept.
    if (own < 0) setText(value);
  }

  const send = (next: string) => {
    const query = next.trim();
    if (query === (pending.at(-1) ?? value)) return;
    setPending([...pending, query]);
    onChange(query);
  };
  const sendSoon = useDebouncedCallback(send, TYPING_PAUSE_MS);

  const type = (next: string) => {
    setText(next);
    sendSoon(next);
  };
  const sendNow = (next: string) => {
    setText(next);
    send(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') send(event.currentTarget.value);
    if (event.key === 'Escape') event.currentTarget.blur();
  };

  return (
    <search className={classes.search}>
      <TextInput
        ref={ref}
        size="md"
        classNames={{ input: classes.input }}
        aria-label="Search calls"
        aria-describedby={problem ? 'search-problem' : undefined}
        aria-invalid={problem ? true : undefined}
        placeholder="Name, number, last digits, e-mail, call id, or state:missed"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        leftSection={<Search size={16} aria-hidden />}
        rightSectionWidth={text === '' ? 40 : 70}
        rightSection={
          <span className={classes.tools}>
            {text !== '' && (
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={() => sendNow('')}
                aria-label="Clear search"
              >
                <X size={15} aria-hidden />
              </ActionIcon>
            )}
            <SyntaxHelp onPick={sendNow} />
          </span>
        }
      />
      {problem && <Problem query={value.trim()} error={problem} />}
    </search>
  );
}

function Problem({ query, error }: { query: string; error: CombinedError }) {
  const detail = error.graphQLErrors[0];
  const position = readPosition(detail?.extensions.position);
  // The server counts characters, not the units of a JavaScript string.
  const characters = [...query];
  return (
    <p className={classes.problem} id="search-problem" role="alert">
      {detail?.message}
      {position && position.end > position.start && position.start < characters.length && (
        <code>
          {characters.slice(0, position.start).join('')}
          <mark>{characters.slice(position.start, position.end).join('')}</mark>
          {characters.slice(position.end).join('')}
        </code>
      )}
    </p>
  );
}

function readPosition(value: unknown): { start: number; end: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { start, end } = value as { start?: unknown; end?: unknown };
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null;
}

function SyntaxHelp({ onPick }: { onPick: (query: string) => void }) {
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
