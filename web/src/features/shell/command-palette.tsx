import { Kbd, Loader, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ChevronRight, Phone, Search } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { allCommands } from '~/lib/commands';
import { useCompany } from '~/lib/company';
import { holdsModKey } from '~/lib/keyboard';
import type { PaletteScope } from '~/lib/palette';
import { recentCalls } from '~/lib/recent-calls';
import { useTimeZone } from '~/lib/time-zone';
import { GROUPS } from '~/words/commands';
import * as words from '~/words/shell';
import classes from './command-palette.module.css';
import { type PaletteGroup, type PaletteItem, paletteGroups } from './palette-items';
import { useFoundCalls } from './use-found-calls';

interface CommandPaletteProps {
  scope: PaletteScope;
  onClose: () => void;
}

const LIST = 'palette-list';
const optionId = (item: PaletteItem) => `palette-${item.id}`;

export function CommandPalette({ scope, onClose }: CommandPaletteProps) {
  const { id: companyId } = useCompany();
  const timeZone = useTimeZone();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  // What the page offers does not change while it stands behind the palette.
  const [commands] = useState(allCommands);
  const { calls, searching } = useFoundCalls(text, scope !== 'all');
  const recent = recentCalls(companyId);
  const groups = paletteGroups({ text, scope, commands, recent, calls, timeZone });
  const items = groups.flatMap((group) => group.items);
  const active = items.find(({ id }) => id === chosen) ?? items[0];
  const run = useRun(onClose);
  useFocusBack();

  const onKeyDown = (event: KeyboardEvent) => {
    const at = active ? items.indexOf(active) : -1;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosen(items[(at + step + items.length) % items.length]?.id ?? null);
    else if (event.key === 'Enter' && active) run(active, holdsModKey(event));
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      returnFocus={false}
      size={600}
      yOffset="12vh"
      classNames={{ content: classes.palette }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={words.commandPalette}>
        <div className={classes.head}>
          {searching ? <Loader size={16} color="gray" /> : <Search size={16} aria-hidden />}
          <input
            className={classes.input}
            ref={focusAtOnce}
            data-autofocus
            role="combobox"
            aria-label={scope === 'all' ? words.commandOrCall : GROUPS[scope]}
            aria-expanded={items.length > 0}
            aria-controls={LIST}
            aria-activedescendant={active && optionId(active)}
            aria-autocomplete="list"
            placeholder={scope === 'all' ? words.paletteHint : GROUPS[scope]}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setChosen(null);
            }}
          />
          <Kbd size="xs">Esc</Kbd>
        </div>
        <Choices {...{ groups, active }} onPoint={setChosen} onPick={run} />
      </Modal.Content>
    </Modal.Root>
  );
}

/** Not a moment later: who knows the palette goes on typing as soon as the key is pressed. */
function focusAtOnce(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Closed by something else than a command, the palette leaves the focus where it was before. */
function useFocusBack(): void {
  const before = useRef(document.activeElement);
  useLayoutEffect(() => {
    const { current } = before;
    return () => {
      if (current instanceof HTMLElement) current.focus({ preventScroll: true });
    };
  }, []);
}

function useRun(onClose: () => void) {
  const { slug } = useCompany();
  const navigate = useNavigate();
  return (item: PaletteItem, inNewTab: boolean) => {
    // Gone before the command runs: it may move the focus, or open something of its own.
    flushSync(onClose);
    if (item.kind === 'command') item.command.run();
    else if (item.kind === 'search') {
      void navigate({
        to: '/c/$company/calls',
        params: { company: slug },
        search: { q: item.text },
      });
    } else if (inNewTab) {
      const path = `/c/${slug}/calls/${encodeURIComponent(item.callId)}`;
      window.open(path, '_blank', 'noopener');
    } else {
      const params = { company: slug, callId: item.callId };
      void navigate({ to: '/c/$company/calls/$callId', params });
    }
  };
}

interface ChoicesProps {
  groups: PaletteGroup[];
  active: PaletteItem | undefined;
  onPoint: (id: string) => void;
  onPick: (item: PaletteItem, inNewTab: boolean) => void;
}

function Choices({ groups, active, onPoint, onPick }: ChoicesProps) {
  if (groups.length === 0) return <p className={classes.nothing}>{words.nothingFound}</p>;
  return (
    <div id={LIST} role="listbox" aria-label={words.found} className={classes.list}>
      {groups.map(({ title, items }) => (
        // biome-ignore lint/a11y/useSemanticElements: a listbox is divided by groups, not by fieldsets.
        <div key={title} role="group" aria-label={title}>
          <div className={classes.group} aria-hidden>
            {title}
          </div>
          {items.map((item) => (
            <Choice
              key={item.id}
              item={item}
              active={item === active}
              onPoint={() => onPoint(item.id)}
              onPick={(inNewTab) => onPick(item, inNewTab)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface ChoiceProps {
  item: PaletteItem;
  active: boolean;
  onPoint: () => void;
  onPick: (inNewTab: boolean) => void;
}

function Choice({ item, active, onPoint, onPick }: ChoiceProps) {
  const option = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (active) option.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const Icon = { command: ChevronRight, call: Phone, search: Search }[item.kind];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the box above.
    <div
      ref={option}
      id={optionId(item)}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={classes.option}
      onMouseMove={onPoint}
      // The focus stays in the box.
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => onPick(holdsModKey(event))}
    >
      <Icon size={15} aria-hidden />
      <bdi className={classes.title}>{item.title}</bdi>
      {item.kind === 'call' && <span className={classes.about}>{item.about}</span>}
      {item.kind === 'command' && item.command.keys && (
        <span className={classes.keys}>
          {item.command.keys.map((key) => (
            <Kbd key={key} size="xs">
              {key}
            </Kbd>
          ))}
        </span>
      )}
    </div>
  );
}
