import { Button, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ErrorBanner } from '~/components/page-state';
import { SecurityDocument, type SecurityQuery, SendVerificationDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { usePageTitle } from '~/lib/use-page-title';
import { PasswordCard } from './password-card';
import classes from './security-page.module.css';
import { SessionsCard } from './sessions-card';
import { Card, SettingsPage } from './settings-page';

type User = NonNullable<SecurityQuery['viewer']['user']>;

/** Of the person, not of the company: their address, their password, and where they are signed in. */
export function SecurityPage() {
  const company = useCompany();
  usePageTitle('Security', 'Settings', company.name);
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
        <Stack role="status" aria-busy="true" aria-label="Loading">
          <Skeleton height={90} />
          <Skeleton height={240} />
          <Skeleton height={160} />
        </Stack>
      )}
      {user && <EmailCard user={user} />}
      {user && <PasswordCard email={user.email} onChanged={refresh} />}
      {data && <SessionsCard sessions={data.viewer.sessions} onEnded={refresh} />}
    </SettingsPage>
  );
}

function EmailCard({ user }: { user: User }) {
  const [{ fetching }, send] = useMutation(SendVerificationDocument);
  const [said, setSaid] = useState<{ text: string; failed: boolean } | null>(null);
  const sendAgain = async () => {
    const { data, error } = await send({});
    const failure = actionFailure(error, data?.sendVerification);
    const sent = data?.sendVerification.isVerified
      ? 'It is confirmed already.'
      : `A link was sent to ${user.email}. It works once, for 24 hours.`;
    setSaid({ text: failure ?? sent, failed: failure !== null });
  };
  return (
    <Card title="E-mail address">
      <p className={classes.line}>
        <bdi className={classes.strong}>{user.email}</bdi>{' '}
        <span className={classes.badge} data-good={user.isVerified || undefined}>
          {user.isVerified ? 'Confirmed' : 'Not confirmed yet'}
        </span>
      </p>
      {!user.isVerified && (
        <>
          <p className={classes.hint}>
            Open the link in the mail we sent when you signed up. Until then you cannot invite
            anybody.
          </p>
          <Button size="xs" variant="default" loading={fetching} onClick={sendAgain}>
            Send another link
          </Button>
        </>
      )}
      <div role={said?.failed ? 'alert' : 'status'}>
        {said && (
          <p className={classes.said} data-failed={said.failed || undefined}>
            {said.text}
          </p>
        )}
      </div>
    </Card>
  );
}
