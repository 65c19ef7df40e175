import { Link, useRouterState } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { EndpointProgressDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { usePoll } from '~/lib/use-poll';
import classes from './company-shell.module.css';

const WAITING_POLL_MS = 5_000;

/** Stays on every page until the first event has been accepted. */
export function WaitingBanner() {
  const company = useCompany();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [{ data, error, fetching }, reload] = useQuery({
    query: EndpointProgressDocument,
    variables: { company: company.id },
  });
  const endpoint = data?.company?.endpoint;
  const waiting = endpoint != null && endpoint.lastEventAt === null;
  // The set-up page asks for the same fields more often and shares the answer.
  const onSetup = path === `/c/${company.slug}/setup`;
  usePoll(() => reload({ requestPolicy: 'network-only' }), {
    enabled: waiting && !onSetup,
    busy: fetching,
    failed: error !== undefined,
    intervalMs: WAITING_POLL_MS,
  });
  if (!waiting || onSetup) return null;
  const refused = endpoint.lastRefusedAt !== null;
  return (
    <section className={classes.bar} aria-label="Set-up">
      {refused
        ? 'Dialpad reaches us, but every event so far was refused.'
        : 'Waiting for your first event from Dialpad.'}
      <Link to="/c/$company/setup" params={{ company: company.slug }}>
        {refused ? 'See why' : 'Finish set-up'}
      </Link>
    </section>
  );
}
