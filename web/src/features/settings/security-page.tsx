import { Skeleton, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { ErrorBanner } from '~/components/page-state';
import { SecurityDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import * as ssoWords from '~/words/single-sign-on';
import card from './card.module.css';
import { EmailCard } from './email-card';
import { EndAccountCard } from './end-account-card';
import { NameCard } from './name-card';
import { PasswordCard } from './password-card';
import { SecondFactorCard } from './second-factor-card';
import { SessionsCard } from './sessions-card';
import { Card, SettingsPage } from './settings-page';

/** Of the person, not of the company: their name, their address, their password, and where they are signed in. */
export function SecurityPage() {
  const company = useCompany();
  usePageTitle(words.security, words.settings, company.name);
  const [{ data, error }, execute] = useQuery({
    query: SecurityDocument,
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const ofCompany = data?.viewer.isBySingleSignOn;
  // Who is there by single sign-on reaches nothing of the account.
  const user = ofCompany ? null : data?.viewer.user;
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
      {ofCompany && (
        <Card title={ssoWords.bySingleSignOn}>
          <p className={card.line}>
            {ssoWords.bySingleSignOnHint((text) => (
              <Link to="/forgot-password">{text}</Link>
            ))}
          </p>
        </Card>
      )}
      {user && <NameCard name={user.name ?? null} onChanged={refresh} />}
      {user && <EmailCard user={user} />}
      {user && <PasswordCard email={user.email} onChanged={refresh} />}
      {data && !ofCompany && (
        <SecondFactorCard factor={data.viewer.secondFactor} onChanged={refresh} />
      )}
      {data && <SessionsCard sessions={data.viewer.sessions} onEnded={refresh} />}
      {user && <EndAccountCard />}
    </SettingsPage>
  );
}
