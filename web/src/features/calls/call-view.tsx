import { Skeleton, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { ErrorBanner, ForbiddenState, NotFoundState } from '~/components/page-state';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { phoneText } from '~/lib/phone';
import { rememberCall } from '~/lib/recent-calls';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/call';
import { CallFacts } from './call-facts';
import { CallHeader } from './call-header';
import classes from './call-page.module.css';
import { DurationBar } from './duration-bar';
import { EventLog } from './event-log';
import { type CallDetail, useCall } from './use-call';

interface CallViewProps {
  callId: string;
  /** It stands beside the list, and not on a page of its own. */
  docked?: boolean;
  /** What it is, in words, as soon as that is known. */
  onTitle?: (title: string, customer: string | undefined) => void;
}

/** Everything about one call: the same on its page and beside the list. */
export function CallView({ callId, docked = false, onTitle }: CallViewProps) {
  const company = useCompany();
  const { call, error, missing, refresh } = useCall(callId);
  const name = call && callName(call);
  useEffect(() => {
    if (name) rememberCall(company.id, { callId, name });
  }, [company.id, callId, name]);
  const title = call && words.CALL_TITLES[call.direction][call.outcome];
  const customer = (call && (call.contact?.name || phoneText(call.externalNumber))) ?? undefined;
  useEffect(() => {
    if (title) onTitle?.(title, customer);
  }, [title, customer, onTitle]);

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  if (missing) return <NotFoundState />;
  return (
    <>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {call && <LoadedCall call={call} docked={docked} />}
      {!call && !error && (
        <Stack role="status" aria-busy="true" aria-label={words.loading} mt="md">
          <Skeleton height={64} maw={420} />
          <Skeleton height={90} />
          <Skeleton height={260} />
        </Stack>
      )}
    </>
  );
}

const RUNNING_CLOCK_MS = 1_000;
const CLOCK_MS = 30_000;

function LoadedCall({ call, docked }: { call: CallDetail; docked: boolean }) {
  const now = useNow(call.outcome === 'ONGOING' ? RUNNING_CLOCK_MS : CLOCK_MS);
  return (
    <article>
      <CallHeader call={call} now={now} docked={docked} />
      <DurationBar call={call} now={now} />
      <div className={classes.columns} data-docked={docked || undefined}>
        <EventLog call={call} />
        <CallFacts call={call} />
      </div>
    </article>
  );
}
