import { Link, useRouterState } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useQuery } from 'urql';
import { EndpointHealthDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { maySeeDeliveries } from '~/lib/permissions';
import { useNow } from '~/lib/use-now';
import { usePoll } from '~/lib/use-poll';
import * as words from '~/words/shell';
import classes from './company-shell.module.css';
import { bannerOf, healthSince, type Refusing } from './health';

const WAITING_POLL_MS = 5_000;
const HEALTH_POLL_MS = 20_000;
const CLOCK_MS = 60_000;

/** One line above every page while events from Dialpad do not arrive as they should. */
export function HealthBanner() {
  const company = useCompany();
  const allowed = maySeeDeliveries(company.viewerRole);
  const now = useNow(CLOCK_MS);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const onSetup = path === `/c/${company.slug}/setup`;
  const [{ data, error, fetching }, reload] = useQuery({
    query: EndpointHealthDocument,
    variables: { company: company.id, since: healthSince(now) },
    pause: !allowed,
  });
  const endpoint = data?.company?.endpoint;
  const banner = endpoint ? bannerOf(endpoint, data.company?.deliverySummary ?? null, now) : null;
  const waiting = banner === 'waiting';
  usePoll(() => reload({ requestPolicy: 'network-only' }), {
    // While waiting, the set-up page asks for the same fields more often and shares the answer.
    enabled: allowed && endpoint !== null && !(waiting && onSetup),
    busy: fetching,
    failed: error !== undefined,
    intervalMs: waiting ? WAITING_POLL_MS : HEALTH_POLL_MS,
  });
  if (banner === null || (waiting && onSetup)) return null;
  const params = { company: company.slug };
  if (banner === 'waiting') {
    return (
      <section className={classes.bar} aria-label={words.setUpBanner}>
        {words.waiting}
        <Link to="/c/$company/setup" params={params}>
          {words.finishSetUp}
        </Link>
      </section>
    );
  }
  return <RefusedBanner refusing={banner} here={path} />;
}

/** Links to the places that help, except the one where the reader already is. */
function RefusedBanner({ refusing, here }: { refusing: Refusing; here: string }) {
  const { slug } = useCompany();
  const params = { company: slug };
  return (
    <section className={classes.bar} data-bad aria-label={words.refusedEvents}>
      <TriangleAlert size={15} aria-hidden />
      <span className={classes.barText}>
        {refusing.text}{' '}
        {here !== `/c/${slug}/deliveries` && (
          <Link to="/c/$company/deliveries" params={params} search={{ st: 'rejected' }}>
            {words.seeRefused}
          </Link>
        )}
        {here !== `/c/${slug}/setup` && (
          <Link to="/c/$company/setup" params={params}>
            {refusing.reason === 'BAD_SIGNATURE' ? words.checkSecret : words.openSetUp}
          </Link>
        )}
      </span>
    </section>
  );
}
