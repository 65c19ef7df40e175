import { createRouter } from '@tanstack/react-router';
import { NotFoundPage, RouteErrorPage } from '~/components/page-state';
import { parseSearch, stringifySearch } from '~/lib/search-codec';
import type { TimeRange } from '~/lib/time-range';
import { routeTree } from './route-tree.gen';

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
  // Preloading fetches code only; data is the pages' own.
  defaultPreloadStaleTime: 0,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: RouteErrorPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** It was opened from the list, so going back returns to the same view of it. */
    fromList?: boolean;
    /** The ranges that were zoomed into to come here, the widest first. */
    zoomedFrom?: TimeRange[];
  }
}
