// The deliveries page by keyboard: single keys, and the same things by name in the command palette.
import { useCommands } from '~/lib/commands';
import { useShortcuts } from '~/lib/shortcuts';
import { copyAndSay } from '~/lib/toast';
import * as words from '~/words/deliveries-keys';
import type { usePages } from './use-pages';
import type { usePanel } from './use-panel';
import type { useRecheck } from './use-recheck';

interface KeysOptions {
  /** The delivery that is open. */
  open: string | undefined;
  panel: ReturnType<typeof usePanel>;
  pages: ReturnType<typeof usePages>;
  recheck: ReturnType<typeof useRecheck>;
  toggleLive: () => void;
}

export function useDeliveriesKeys({ open, panel, pages, recheck, toggleLive }: KeysOptions): void {
  const copyLink = () => copyAndSay(viewLink(), words.linkCopied);
  useShortcuts({
    j: () => panel.step(1),
    k: () => panel.step(-1),
    '[': pages.toNewer,
    ']': pages.toOlder,
    l: toggleLive,
    r: recheck.byKey,
    y: copyLink,
    Escape: () => {
      if (open !== undefined) panel.close({ byKeyboard: true });
      else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  });
  useCommands([
    {
      id: 'copy-link',
      title: open === undefined ? words.copyLinkToThisView : words.copyLinkToThisDelivery,
      group: 'page',
      keywords: words.linkKeywords,
      keys: ['y'],
      run: copyLink,
    },
    { id: 'live', title: words.liveOnOrOff, group: 'page', keys: ['l'], run: toggleLive },
  ]);
}

/** The address without the place in the list, which would lead somewhere else tomorrow. */
function viewLink(): string {
  const link = new URL(window.location.href);
  for (const cursor of ['after', 'before']) link.searchParams.delete(cursor);
  return link.href;
}
