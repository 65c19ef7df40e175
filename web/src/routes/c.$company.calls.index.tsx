import { createFileRoute } from '@tanstack/react-router';
import { CallsPage } from '~/features/calls/calls-page';
import { readCallsSearch } from '~/features/calls/search-params';

export const Route = createFileRoute('/c/$company/calls/')({
  validateSearch: readCallsSearch,
  component: CallsRoute,
});

function CallsRoute() {
  return <CallsPage search={Route.useSearch()} />;
}
