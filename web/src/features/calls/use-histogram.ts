import { CallHistogramDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { errorCode } from '~/lib/graphql-error';
import { useTimeZone } from '~/lib/time-zone';
import { useKeptQuery } from '~/lib/use-kept-query';
import { useLive } from '~/lib/use-live';
import { type CallsSearch, questionOf } from './search-params';

const BUCKETS_MAX = 60;
/** The course of days changes slowly, and counting it costs more than a page of the list. */
const HISTOGRAM_PACE_MS = 10_000;

/** The volume over time of the calls that are listed. `wait`: something else is asked for first. */
export function useHistogram(search: CallsSearch, { live = false, pause = false, wait = false }) {
  const company = useCompany();
  const timeZone = useTimeZone();
  const { kept, fetching, ...rest } = useKeptQuery({
    query: CallHistogramDocument,
    variables: { ...questionOf(search, company), buckets: BUCKETS_MAX, timeZone },
    pick: (data) => data.company?.callHistogram,
    pause: pause || wait,
  });
  const badQuery = errorCode(rest.error) === 'BAD_QUERY';
  useLive(rest.refresh, {
    topics: [{ of: 'calls', company: company.id }],
    enabled: live && !pause && !badQuery,
    busy: fetching,
    failed: rest.error !== undefined,
    paceMs: HISTOGRAM_PACE_MS,
    pollMs: HISTOGRAM_PACE_MS,
  });
  return { ...rest, histogram: kept, badQuery };
}
