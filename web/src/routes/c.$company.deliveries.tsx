import { createFileRoute } from '@tanstack/react-router';
import { DeliveriesPage } from '~/features/deliveries/deliveries-page';
import { readDeliveriesSearch } from '~/features/deliveries/search-params';

export const Route = createFileRoute('/c/$company/deliveries')({
  validateSearch: readDeliveriesSearch,
  component: DeliveriesRoute,
});

function DeliveriesRoute() {
  return <DeliveriesPage search={Route.useSearch()} />;
}
