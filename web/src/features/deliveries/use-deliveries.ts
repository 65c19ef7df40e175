import { useMemo } from 'react';
import { useQuery } from 'urql';
import {
  DeliveriesDocument,
  type DeliveriesQuery,
  DeliveryDocument,
  DeliveryNumbersDocument,
  type DeliveryNumbersQuery,
  type DeliveryQuery,
} from '~/gql/documents';
import { type Company, useCompany } from '~/lib/company';
import type { Topic } from '~/lib/live-link';
import { maySeeDeliveries } from '~/lib/permissions';
import { useListPage } from '~/lib/use-list-page';
import { useLive } from '~/lib/use-live';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/deliveries';
import { type DeliveriesSearch, deliveriesVariables, numbersRange } from './search-params';

export type DeliveryPageData = NonNullable<DeliveriesQuery['company']>['deliveries'];
export type DeliveryRow = DeliveryPageData['nodes'][number];
export type DeliveryDetail = Extract<DeliveryQuery['node'], { __typename: 'Delivery' }>;
export type Numbers = NonNullable<DeliveryNumbersQuery['company']>;

const NO_ROWS: DeliveryRow[] = [];
const NUMBERS_PACE_MS = 5_000;
const MINUTE_MS = 60_000;

/** Nothing is told to who may not see them. */
function topicsOf({ id, viewerRole }: Company): Topic[] {
  return maySeeDeliveries(viewerRole) ? [{ of: 'deliveries', company: id }] : [];
}

export function useDeliveries(search: DeliveriesSearch, live: boolean) {
  const company = useCompany();
  // What is open does not change the list.
  const { d: _, ...listed } = search;
  const listedKey = JSON.stringify(listed);
  const variables = useMemo(
    () => deliveriesVariables(JSON.parse(listedKey) as DeliveriesSearch, company),
    [listedKey, company],
  );
  const list = useListPage({
    query: DeliveriesDocument,
    variables,
    pageOf: (data) => data.company?.deliveries,
    live,
    topics: topicsOf(company),
    pause: !maySeeDeliveries(company.viewerRole),
  });
  return { ...list, latest: list.page?.nodes ?? NO_ROWS };
}

/** Whether anything has ever reached the Request URL; not while that is unknown. */
export function hasReceived(numbers: Numbers | null): boolean {
  const endpoint = numbers?.endpoint ?? null;
  return endpoint !== null && (endpoint.lastEventAt !== null || endpoint.lastRefusedAt !== null);
}

/** The numbers of the range; the last ones stay while others load. */
export function useNumbers({ range, from, to }: DeliveriesSearch, live: boolean) {
  const company = useCompany();
  const now = useNow(MINUTE_MS);
  const { since, until } = numbersRange({ range, from, to }, company.timeZone, now);
  const allowed = maySeeDeliveries(company.viewerRole);
  const [{ data, error, fetching }, execute] = useQuery({
    query: DeliveryNumbersDocument,
    variables: { company: company.id, since, until },
    requestPolicy: 'cache-and-network',
    pause: !allowed,
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  useLive(refresh, {
    topics: topicsOf(company),
    enabled: live && allowed,
    busy: fetching,
    failed: error !== undefined,
    paceMs: NUMBERS_PACE_MS,
    pollMs: NUMBERS_PACE_MS,
  });
  return { numbers: data?.company ?? null, since, until: until ?? now.toISOString(), refresh };
}

export function useDelivery(id: string) {
  const [{ data, error, fetching, stale }, execute] = useQuery({
    query: DeliveryDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const node = data?.node;
  const delivery = node?.__typename === words.delivery && node.id === id ? node : null;
  return {
    delivery,
    error,
    missing: !fetching && !stale && !error && data !== undefined && !delivery,
    refresh: () => execute({ requestPolicy: 'network-only' }),
  };
}
