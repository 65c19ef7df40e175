// The calls page by keyboard: single keys, and the same things by name in the command palette.
import type { RefObject } from 'react';
import { openFilter } from '~/components/filter-chip';
import { RANGE_FILTER } from '~/components/range-filter';
import { type Command, useCommands } from '~/lib/commands';
import { useCompany } from '~/lib/company';
import { openPalette } from '~/lib/palette';
import { type Shortcuts, useShortcuts } from '~/lib/shortcuts';
import { copyAndSay } from '~/lib/toast';
import * as words from '~/words/calls';
import { CALL_LINK } from './call-words';
import { FACET_LABEL } from './facets';
import { frozenLink, viewLink } from './links';
import { type CallsSearch, hasFilter, NO_FILTER } from './search-params';
import type { useCallsView } from './use-calls-view';
import type { usePeek } from './use-peek';

interface KeysOptions {
  search: CallsSearch;
  view: ReturnType<typeof useCallsView>;
  peek: ReturnType<typeof usePeek>;
  live: boolean;
  toggleLive: () => void;
  showExport: () => void;
  searchBox: RefObject<HTMLInputElement | null>;
}

export function useCallsKeys(options: KeysOptions): void {
  const { view, peek } = options;
  const open = peek.shown;
  const commands = useOffered(options);
  useShortcuts({
    ...Object.fromEntries(
      commands.flatMap(({ keys, run }) => (keys ? [[keys.join(' '), run]] : [])),
    ),
    ...rowKeys(peek),
    f: () => openPalette('filter'),
    '[': () => view.newer && view.show(view.newer),
    ']': () => view.older && view.show(view.older),
    Escape: () => {
      if (open !== undefined) peek.close({ byKeyboard: true });
      else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
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
  const onPage = (command: Omit<Command, 'group'>): Command => ({ group: 'page', ...command });
  const copy = (link: string) => void copyAndSay(link, words.linkCopied);
  return [
    onPage({
      id: 'search-calls',
      title: words.searchCalls,
      keys: ['/'],
      run: () => searchBox.current?.focus(),
    }),
    onPage({
      id: 'copy-link',
      title: words.copyLinkToThisView,
      keywords: words.linkKeywords,
      keys: ['y'],
      run: () => copy(viewLink(search, company)),
    }),
    onPage({
      id: 'copy-frozen-link',
      title: words.copyFrozenLinkToView,
      keywords: words.linkKeywords,
      run: () => copy(frozenLink(search, company, new Date())),
    }),
    onPage({
      id: 'live',
      title: live ? words.pauseLiveUpdates : words.goOnWithLiveUpdates,
      keywords: words.liveKeywords,
      keys: ['l'],
      run: toggleLive,
    }),
    onPage({
      id: 'export',
      title: words.exportTheseCalls,
      keywords: words.exportKeywords,
      keys: ['e'],
      run: showExport,
    }),
    ...(hasFilter(search)
      ? [
          onPage({
            id: 'clear-filters',
            title: words.clearAllFilters,
            keywords: words.clearKeywords,
            keys: ['F'],
            run: () => view.change(NO_FILTER),
          }),
        ]
      : []),
    ...[...Object.values(FACET_LABEL), RANGE_FILTER].map(
      (name): Command => ({
        id: `filter-${name}`,
        title: name,
        group: 'filter',
        keywords: name === RANGE_FILTER ? words.rangeKeywords : words.filterKeywords,
        keys: name === RANGE_FILTER ? ['t'] : undefined,
        run: () => openFilter(name),
      }),
    ),
  ];
}

/** The link of the row that has the focus, or the button of one that unfolds. */
function focusedRow(): HTMLElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement.hasAttribute(CALL_LINK)
    ? activeElement
    : null;
}

function rowKeys(peek: KeysOptions['peek']): Shortcuts {
  // What is open counts before the link that the keyboard is at: they differ for a moment only. A row
  // that unfolds is no call, whatever is open beside it.
  const current = () => {
    const row = focusedRow();
    if (row instanceof HTMLButtonElement) return null;
    return peek.shown ?? row?.getAttribute(CALL_LINK) ?? null;
  };
  return {
    j: () => peek.step(1),
    k: () => peek.step(-1),
    // Outside of the list the arrows scroll the page, as everywhere.
    ArrowDown: () => focusedRow() !== null && peek.step(1),
    ArrowUp: () => focusedRow() !== null && peek.step(-1),
    // A row that unfolds does so, as every button.
    ' ': () => {
      const row = focusedRow();
      if (!(row instanceof HTMLAnchorElement)) return false;
      peek.open(row.getAttribute(CALL_LINK) ?? '', { follow: false });
      return true;
    },
    o: () => {
      const callId = current();
      if (callId) peek.toPage(callId);
      else focusedRow()?.click();
    },
    c: () => {
      const callId = current();
      if (callId) void copyAndSay(callId, words.callIdCopied);
    },
  };
}
