// The calls page by keyboard: single keys, and the same things by name in the command palette.
import type { RefObject } from 'react';
import { openFilter } from '~/components/filter-chip';
import { RANGE_FILTER } from '~/components/range-filter';
import { type Command, useCommands } from '~/lib/commands';
import { useCompany } from '~/lib/company';
import { openPalette } from '~/lib/palette';
import { focusRow } from '~/lib/row-focus';
import { type Shortcuts, useShortcuts } from '~/lib/shortcuts';
import { copyAndSay } from '~/lib/toast';
import { CALL_LINK } from './call-words';
import { FACET_LABEL } from './facets';
import { frozenLink, viewLink } from './links';
import { type CallsSearch, hasFilter, NO_FILTER } from './search-params';
import type { useCallsView } from './use-calls-view';

interface KeysOptions {
  search: CallsSearch;
  view: ReturnType<typeof useCallsView>;
  live: boolean;
  toggleLive: () => void;
  showExport: () => void;
  searchBox: RefObject<HTMLInputElement | null>;
}

export function useCallsKeys(options: KeysOptions): void {
  const { view } = options;
  const commands = useOffered(options);
  useShortcuts({
    ...Object.fromEntries(
      commands.flatMap(({ keys, run }) => (keys ? [[keys.join(' '), run]] : [])),
    ),
    ...ROW_KEYS,
    f: () => openPalette('Filter by'),
    '[': () => view.newer && view.show(view.newer),
    ']': () => view.older && view.show(view.older),
    Escape: () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  });
  useCommands(commands);
}

function useOffered({
  search,
  view,
  live,
  toggleLive,
  showExport,
  searchBox,
}: KeysOptions): Command[] {
  const company = useCompany();
  const onPage = (command: Omit<Command, 'group'>): Command => ({ group: 'This page', ...command });
  const copy = (link: string) => void copyAndSay(link, 'the link');
  return [
    onPage({
      id: 'search-calls',
      title: 'Search calls',
      keys: ['/'],
      run: () => searchBox.current?.focus(),
    }),
    onPage({
      id: 'copy-link',
      title: 'Copy link to this view',
      keywords: 'share address url',
      keys: ['y'],
      run: () => copy(viewLink(search, company)),
    }),
    onPage({
      id: 'copy-frozen-link',
      title: 'Copy link to this view, frozen in time',
      keywords: 'share address url',
      run: () => copy(frozenLink(search, company, new Date())),
    }),
    onPage({
      id: 'live',
      title: live ? 'Pause live updates' : 'Go on with live updates',
      keywords: 'tail pause follow',
      keys: ['l'],
      run: toggleLive,
    }),
    onPage({
      id: 'export',
      title: 'Export these calls',
      keywords: 'download csv excel jsonl save',
      keys: ['e'],
      run: showExport,
    }),
    ...(hasFilter(search)
      ? [
          onPage({
            id: 'clear-filters',
            title: 'Clear all filters',
            keywords: 'reset remove',
            keys: ['F'],
            run: () => view.change(NO_FILTER),
          }),
        ]
      : []),
    ...[...Object.values(FACET_LABEL), RANGE_FILTER].map(
      (name): Command => ({
        id: `filter-${name}`,
        title: name,
        group: 'Filter by',
        keywords: name === RANGE_FILTER ? 'time range day last' : 'filter',
        keys: name === RANGE_FILTER ? ['t'] : undefined,
        run: () => openFilter(name),
      }),
    ),
  ];
}

/** The link of the row that has the focus. */
function focusedRow(): HTMLElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement.hasAttribute(CALL_LINK)
    ? activeElement
    : null;
}

const ROW_KEYS: Shortcuts = {
  j: () => focusRow(CALL_LINK, 1),
  k: () => focusRow(CALL_LINK, -1),
  // Outside of the list the arrows scroll the page, as everywhere.
  ArrowDown: () => focusedRow() !== null && focusRow(CALL_LINK, 1),
  ArrowUp: () => focusedRow() !== null && focusRow(CALL_LINK, -1),
  o: () => focusedRow()?.click(),
  c: () => {
    const callId = focusedRow()?.getAttribute(CALL_LINK);
    if (callId) void copyAndSay(callId, 'the call id');
  },
};
