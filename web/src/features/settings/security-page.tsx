import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from 'urql';
import { ErrorBanner } from '~/components/page-state';
import { SecurityDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import { EmailCard } from './email-card';
import { EndAccountCard } from './end-account-card';
import { NameCard } from './name-card';
import { PasswordCard } from './password-card';
import { SecondFactorCard } from './second-factor-card';
import { SessionsCard } from './sessions-card';
import { SettingsPage } from './settings-page';

/** Of the person, not of the company: their name, their address, their password, and where they are signed in. */
export function SecurityPage() {
  const company = useCompany();
  usePageTitle(words.security, words.settings, company.name);
  const [{ data, error }, execute] = useQuery({
    query: SecurityDocument,
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const user = data?.viewer.user;
  return (
    <SettingsPage>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {!data && !error && (
        <Stack role="status" aria-busy="true" aria-label={words.loading}>
          <Skeleton height={90} />
          <Skeleton height={240} />
          <Skeleton height={160} />
        </Stack>
      )}
      {user && <NameCard name={user.name ?? null} onChanged={refresh} />}
      {user && <EmailCard user={user} />}
      {user && <PasswordCard email={user.email} onChanged={refresh} />}
      {data && <SecondFactorCard factor={data.viewer.secondFactor} onChanged={refresh} />}
      {data && <SessionsCard sessions={data.viewer.sessions} onEnded={refresh} />}
      {user && <EndAccountCard />}
    </SettingsPage>
  );
}
