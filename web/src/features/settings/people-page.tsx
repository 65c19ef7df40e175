import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from 'urql';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { PeopleDocument, type PeopleQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import { InvitationsCard } from './invitations-card';
import { InviteCard } from './invite-card';
import { MembersCard } from './members-card';
import { SettingsPage } from './settings-page';

type People = NonNullable<PeopleQuery['company']>;
export type Member = People['members'][number];
export type Invitation = People['invitations'][number];

export function PeoplePage() {
  const company = useCompany();
  usePageTitle(words.people, words.settings, company.name);
  const [{ data, error }, execute] = useQuery({
    query: PeopleDocument,
    variables: { company: company.id },
    requestPolicy: 'cache-and-network',
    pause: !company.viewerMay.includes('READ_PEOPLE'),
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  if (!company.viewerMay.includes('READ_PEOPLE') || isForbidden(error)) {
    return <ForbiddenState companyName={company.name} />;
  }
  const people = data?.company;
  const manages = company.viewerMay.includes('MANAGE_PEOPLE');
  return (
    <SettingsPage>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {!people && !error && (
        <Stack role="status" aria-busy="true" aria-label={words.loading}>
          <Skeleton height={140} />
          <Skeleton height={240} />
        </Stack>
      )}
      {people && manages && <InviteCard onInvited={refresh} />}
      {people && people.invitations.length > 0 && (
        <InvitationsCard invitations={people.invitations} manages={manages} onChanged={refresh} />
      )}
      {people && <MembersCard members={people.members} manages={manages} onChanged={refresh} />}
    </SettingsPage>
  );
}
