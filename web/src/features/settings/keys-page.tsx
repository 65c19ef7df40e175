import { Button, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { CopyButton } from '~/components/copy-button';
import { ErrorBanner, ForbiddenState } from '~/components/page-state';
import { ApiKeysDocument, type ApiKeysQuery } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { isForbidden } from '~/lib/graphql-error';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/settings';
import card from './card.module.css';
import { KeysCard } from './keys-card';
import classes from './keys-page.module.css';
import { NewKeyCard } from './new-key-card';
import { Card, SettingsPage } from './settings-page';

export type ApiKey = NonNullable<ApiKeysQuery['company']>['apiKeys'][number];

/** A key that was just made: it is shown this once. */
export interface MadeKey {
  name: string;
  secret: string;
}

export function KeysPage() {
  const company = useCompany();
  const allowed = company.viewerMay.includes('MANAGE_API_KEYS');
  usePageTitle(words.apiKeys, words.settings, company.name);
  const [made, setMade] = useState<MadeKey | null>(null);
  const [{ data, error }, execute] = useQuery({
    query: ApiKeysDocument,
    variables: { company: company.id },
    requestPolicy: 'cache-and-network',
    pause: !allowed,
  });
  const refresh = () => execute({ requestPolicy: 'network-only' });
  if (!allowed || isForbidden(error)) return <ForbiddenState companyName={company.name} />;
  const onMade = (key: MadeKey) => {
    setMade(key);
    refresh();
  };
  const keys = data?.company?.apiKeys;
  return (
    <SettingsPage>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {!keys && !error && (
        <Stack role="status" aria-busy="true" aria-label={words.loading}>
          <Skeleton height={180} />
          <Skeleton height={160} />
        </Stack>
      )}
      <div role="status" className={classes.made}>
        {made && <Secret made={made} onSaved={() => setMade(null)} />}
      </div>
      {keys && <NewKeyCard onMade={onMade} />}
      {keys && <KeysCard keys={keys} onMade={onMade} onChanged={refresh} />}
    </SettingsPage>
  );
}

function Secret({ made, onSaved }: { made: MadeKey; onSaved: () => void }) {
  return (
    <Card title={words.keyTitle(made.name)}>
      <p className={card.hint}>{words.keyShownOnce}</p>
      <div className={classes.secret}>
        <code data-testid="api-key">{made.secret}</code>
        <CopyButton value={made.secret} label={words.copyKey} labelled />
      </div>
      <Button size="xs" variant="default" onClick={onSaved}>
        {words.iHaveSavedIt}
      </Button>
    </Card>
  );
}
