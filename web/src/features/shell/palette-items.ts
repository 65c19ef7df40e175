// What the palette lists for what is typed: pure, so that its order can be tested.
import type { FindCallsQuery } from '~/gql/documents';
import { callName } from '~/lib/call-name';
import type { Command, CommandGroup } from '~/lib/commands';
import type { PaletteScope } from '~/lib/palette';
import { phoneText } from '~/lib/phone';
import type { RecentCall } from '~/lib/recent-calls';
import { dateAndTime } from '~/lib/time';
import { OUTCOME_WORDS } from '~/words/call-outcome';
import { GROUPS } from '~/words/commands';
import * as words from '~/words/palette';

export type FoundCall = NonNullable<FindCallsQuery['company']>['calls']['nodes'][number];

export type PaletteItem =
  | { kind: 'command'; id: string; title: string; command: Command }
  | { kind: 'call'; id: string; title: string; callId: string; about: string }
  | { kind: 'search'; id: string; title: string; text: string };

export interface PaletteGroup {
  title: string;
  items: PaletteItem[];
}

interface Sources {
  text: string;
  scope: PaletteScope;
  commands: Command[];
  recent: RecentCall[];
  calls: FoundCall[];
  timeZone: string;
}

const ORDER = Object.keys(GROUPS) as CommandGroup[];

export function paletteGroups({ text, scope, commands, ...found }: Sources): PaletteGroup[] {
  const wanted = text.trim();
  const inScope = commands.filter(({ group }) => scope === 'all' || group === scope);
  const groups = ORDER.map((group): PaletteGroup => {
    const fitting = inScope.filter((each) => each.group === group && fits(each, wanted));
    fitting.sort((a, b) => closeness(b, wanted) - closeness(a, wanted));
    return { title: GROUPS[group], items: fitting.map(commandItem) };
  });
  const calls = scope === 'all' ? callGroups(wanted, found) : [];
  // Who types digits looks for a call, who types words for a command.
  const first = wanted === '' || /^[+(]?\d/.test(wanted);
  const all = first ? [...calls, ...groups] : [...groups, ...calls];
  return all.filter(({ items }) => items.length > 0);
}

function callGroups(
  wanted: string,
  { recent, calls, timeZone }: Pick<Sources, 'recent' | 'calls' | 'timeZone'>,
): PaletteGroup[] {
  if (wanted === '') return [{ title: words.recentCalls, items: recent.map(recentItem) }];
  const search: PaletteItem = {
    kind: 'search',
    id: 'search',
    title: words.searchCallsFor(wanted),
    text: wanted,
  };
  return [
    { title: words.calls, items: [...calls.map((call) => callItem(call, timeZone)), search] },
  ];
}

const commandItem = (command: Command): PaletteItem => ({
  kind: 'command',
  id: `command-${command.id}`,
  title: command.title,
  command,
});

const recentItem = ({ callId, name }: RecentCall): PaletteItem => ({
  kind: 'call',
  id: `call-${callId}`,
  title: name,
  callId,
  about: '',
});

function callItem(call: FoundCall, timeZone: string): PaletteItem {
  const name = callName(call);
  const number = phoneText(call.externalNumber);
  const at = dateAndTime(call.dateStarted ?? call.updatedAt, timeZone);
  const about = [OUTCOME_WORDS[call.outcome], at, number === name ? null : number];
  return {
    kind: 'call',
    id: `call-${call.callId}`,
    title: name,
    callId: call.callId,
    about: about.filter(Boolean).join(' · '),
  };
}

/** Every word that is typed must be somewhere in what the command is called. */
function fits({ title, group, keywords = '' }: Command, wanted: string): boolean {
  const all = `${title} ${GROUPS[group]} ${keywords}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

function closeness({ title }: Command, wanted: string): number {
  const [name, text] = [title.toLowerCase(), wanted.toLowerCase()];
  if (text === '') return 0;
  if (name.startsWith(text)) return 3;
  if (name.split(/\s+/).some((word) => word.startsWith(text))) return 2;
  return name.includes(text) ? 1 : 0;
}
