import { createFileRoute } from '@tanstack/react-router';
import { ExplorerPage } from '~/features/api/explorer-page';
import { readApiSearch } from '~/features/api/search-params';

export const Route = createFileRoute('/c/$company/api')({
  validateSearch: readApiSearch,
  component: ApiRoute,
});

function ApiRoute() {
  return <ExplorerPage search={Route.useSearch()} />;
}
