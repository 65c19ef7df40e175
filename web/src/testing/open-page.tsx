import { MantineProvider } from '@mantine/core';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { NotFoundPage, RouteErrorPage } from '~/components/page-state';
import { parseSearch, stringifySearch } from '~/lib/search-codec';
import { forgetSession } from '~/lib/session-end';
import { routeTree } from '~/route-tree.gen';
import { cssVariables, theme } from '~/theme';

/** Opens an address in the real route tree; motion is off, so that dialogs are there at once. */
export function openPage(address: string) {
  forgetSession();
  const router = createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    history: createMemoryHistory({ initialEntries: [address] }),
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: RouteErrorPage,
  });
  render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
      <RouterProvider router={router as never} />
    </MantineProvider>,
  );
  return { address: () => router.history.location.href };
}
