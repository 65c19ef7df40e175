import { Skeleton, Stack } from '@mantine/core';
import { Link, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type MouseEvent, useEffect } from 'react';
import { ErrorBanner, ForbiddenState, NotFoundState } from '~/components/page-state';
import { callName } from '~/lib/call-name';
import { useCommands } from '~/lib/commands';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { phoneText } from '~/lib/phone';
import { rememberCall } from '~/lib/recent-calls';
import { returnFocusTo } from '~/lib/row-focus';
import { useShortcuts } from '~/lib/shortcuts';
import { copyAndSay } from '~/lib/toast';
import { useNow } from '~/lib/use-now';
import { usePageTitle } from '~/lib/use-page-title';
import { CallFacts } from './call-facts';
import { CallHeader } from './call-header';
import classes from './call-page.module.css';
import { callTitle } from './call-words';
import { DurationBar } from './duration-bar';
import { EventLog } from './event-log';
import { type CallDetail, useCall } from './use-call';

export function CallPage({ callId }: { callId: string }) {
  const company = useCompany();
  const { call, error, missing, refresh } = useCall(callId);
  const back = useBackToList();
  const copyLink = () => copyAndSay(window.location.href, 'the link');
  const copyId = () => copyAndSay(callId, 'the call id');
  useShortcuts({
    y: copyLink,
    c: copyId,
    Escape: () => {
      returnFocusTo(callId);
      back();
    },
  });
  useCommands([
    {
      id: 'copy-link',
      title: 'Copy link to this call',
      group: 'This page',
      keywords: 'share address url',
      keys: ['y'],
      run: copyLink,
    },
    { id: 'copy-id', title: 'Copy call id', group: 'This page', keys: ['c'], run: copyId },
  ]);
  const name = call && callName(call);
  useEffect(() => {
    if (name) rememberCall(company.id, { callId, name });
  }, [company.id, callId, name]);
  const customer = call && (call.contact?.name || phoneText(call.externalNumber));
  usePageTitle(call && callTitle(call), customer?.slice(0, 60), company.name);

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  if (missing) return <NotFoundState />;
  return (
    <div className={classes.page}>
      <Link
        to="/c/$company/calls"
        params={{ company: company.slug }}
        className={classes.back}
        onClick={(event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          back();
        }}
      >
        <ArrowLeft size={15} aria-hidden /> Calls
      </Link>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {call && <LoadedCall call={call} />}
      {!call && !error && (
        <Stack role="status" aria-busy="true" aria-label="Loading" mt="md">
          <Skeleton height={64} maw={420} />
          <Skeleton height={90} />
          <Skeleton height={260} />
        </Stack>
      )}
    </div>
  );
}

const RUNNING_CLOCK_MS = 1_000;
const CLOCK_MS = 30_000;

function LoadedCall({ call }: { call: CallDetail }) {
  const now = useNow(call.outcome === 'ONGOING' ? RUNNING_CLOCK_MS : CLOCK_MS);
  return (
    <article>
      <CallHeader call={call} now={now} />
      <DurationBar call={call} now={now} />
      <div className={classes.columns}>
        <EventLog call={call} />
        <CallFacts call={call} />
      </div>
    </article>
  );
}

/** Back to the very view of the list the call was opened from, or else to the plain list. */
function useBackToList(): () => void {
  const { slug } = useCompany();
  const router = useRouter();
  const navigate = useNavigate();
  const fromList = useRouterState({ select: (state) => state.location.state.fromList === true });
  return () => {
    if (fromList) router.history.back();
    else void navigate({ to: '/c/$company/calls', params: { company: slug } });
  };
}
