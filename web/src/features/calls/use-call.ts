import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { CallDocument, type CallQuery, MoreEventsDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { useLive } from '~/lib/use-live';

const EVENTS_PER_PAGE = 100;
/** A call that has ended is only added to. */
const ENDED_POLL_MS = 30_000;

export type CallDetail = NonNullable<NonNullable<CallQuery['company']>['call']>;
export type CallEvent = CallDetail['events']['nodes'][number];

export function useCall(callId: string) {
  const company = useCompany();
  const [{ data, error, fetching }, execute] = useQuery({
    query: CallDocument,
    variables: { company: company.id, callId, events: EVENTS_PER_PAGE },
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const call = data?.company?.call ?? null;
  useLive(refresh, {
    topics: [{ of: 'calls', company: company.id, query: `call:${callId}` }],
    enabled: true,
    busy: fetching,
    failed: error !== undefined,
    pollMs: call?.outcome === 'ONGOING' ? undefined : ENDED_POLL_MS,
  });
  return { call, error, missing: !fetching && !error && data !== undefined && !call, refresh };
}

/** Further pages of events; few calls have any. */
export function useEvents(call: CallDetail) {
  const company = useCompany();
  const client = useClient();
  const [more, setMore] = useState<{ nodes: CallEvent[]; after: string | null; done: boolean }>();
  const [busy, setBusy] = useState(false);
  const { events } = call;

  const loadMore = async () => {
    setBusy(true);
    const { data } = await client
      .query(MoreEventsDocument, {
        company: company.id,
        callId: call.callId,
        events: EVENTS_PER_PAGE,
        after: more?.after ?? events.pageInfo.endCursor,
      })
      .toPromise();
    const page = data?.company?.call?.events;
    if (page) {
      setMore({
        nodes: [...(more?.nodes ?? []), ...page.nodes],
        after: page.pageInfo.endCursor,
        done: !page.pageInfo.hasNextPage,
      });
    }
    setBusy(false);
  };

  return {
    nodes: inEventTime([...events.nodes, ...(more?.nodes ?? [])]),
    total: events.totalCount,
    hasMore: more ? !more.done : events.pageInfo.hasNextPage,
    loadMore,
    busy,
  };
}

/** Events may arrive in any order; what happened first stands first. */
function inEventTime(events: CallEvent[]): CallEvent[] {
  const unique = [...new Map(events.map((event) => [event.id, event])).values()];
  return unique.sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
}
