import { Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { ErrorBanner, ForbiddenState, PageState } from '~/components/page-state';
import { SetupDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { usePageTitle } from '~/lib/use-page-title';
import { usePoll } from '~/lib/use-poll';
import * as words from '~/words/setup';
import { CredentialsCard } from './credentials-card';
import { DialpadSteps } from './dialpad-steps';
import { progressOf } from './progress';
import { ReplaceSecret } from './replace-secret';
import classes from './setup-page.module.css';
import { StatusPanel } from './status-panel';
import { TestCall } from './test-call';

export function SetupPage() {
  const company = useCompany();
  const [{ data, error, fetching }, reload] = useQuery({
    query: SetupDocument,
    variables: { company: company.id },
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => reload({ requestPolicy: 'network-only' });
  // Not told live: the numbers of an endpoint are written down some time after its deliveries.
  usePoll(refresh, { enabled: true, busy: fetching, failed: error !== undefined });

  const endpoint = data?.company?.endpoint ?? null;
  const newestCall = data?.company?.calls.nodes[0] ?? null;
  const progress = endpoint && progressOf(endpoint, newestCall !== null);
  const state = progress?.refusal
    ? words.eventRefused
    : endpoint && endpoint.lastEventAt === null
      ? words.waitingForEvent
      : null;
  usePageTitle(state, words.pageTitle, company.name);

  if (isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  if (data?.company && !endpoint) {
    return <PageState title={words.noRequestUrl}>{words.noRequestUrlWhy}</PageState>;
  }

  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Title order={1} className={classes.title}>
          {words.connectDialpad}
        </Title>
        <p className={classes.lead}>{words.lead}</p>
      </header>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {endpoint && progress ? (
        <div className={classes.columns}>
          <aside className={classes.aside} aria-label={words.statusTitle}>
            <StatusPanel endpoint={endpoint} progress={progress} newestCall={newestCall} />
          </aside>
          <Stack gap="xl" className={classes.steps}>
            <CredentialsCard endpoint={endpoint} />
            <DialpadSteps endpoint={endpoint} />
            <TestCall />
            {endpoint.secret !== null && <ReplaceSecret />}
          </Stack>
        </div>
      ) : (
        !error && (
          <Stack role="status" aria-busy="true" aria-label={words.loading}>
            <Skeleton height={170} />
            <Skeleton height={320} />
          </Stack>
        )
      )}
    </div>
  );
}
