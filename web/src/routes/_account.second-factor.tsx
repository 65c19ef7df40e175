import { createFileRoute, Link, redirect, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Provider } from 'urql';
import { AccountFrame } from '~/features/session/account-frame';
import { safeNextPath } from '~/features/session/next-path';
import { RecoveryCodes } from '~/features/settings/recovery-codes';
import { SecondFactorOff } from '~/features/settings/second-factor-off';
import { createGraphqlClient } from '~/lib/graphql-client';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

interface Search {
  /** Where they wanted to go. */
  next?: string;
}

// Where people land whose company asks for a second factor that they do not have.
export const Route = createFileRoute('/_account/second-factor')({
  validateSearch: ({ next }: Record<string, unknown>): Search =>
    typeof next === 'string' ? { next } : {},
  beforeLoad: async ({ search, location }) => {
    const { loadViewer } = await import('~/features/session/viewer');
    const viewer = await loadViewer();
    if (!viewer) {
      throw redirect({ to: '/signin', search: { next: location.href }, replace: true });
    }
    const next = safeNextPath(search.next) ?? '/';
    const asks = viewer.barredCompanies.find(({ slug }) => `${next}/`.startsWith(`/c/${slug}/`));
    const company = asks ?? viewer.barredCompanies[0];
    if (!company) throw redirect({ href: next, replace: true });
    return { viewer, company, next };
  },
  component: SecondFactorPage,
});

function SecondFactorPage() {
  const { viewer, company, next } = Route.useRouteContext();
  const router = useRouter();
  const [client] = useState(createGraphqlClient);
  const [codes, setCodes] = useState<string[] | null>(null);
  usePageTitle(words.secondFactorNeeded);
  const goOn = () => {
    // Which companies are open is asked anew.
    forgetSession();
    router.history.replace(next);
  };
  return (
    <AccountFrame
      title={words.secondFactorNeeded}
      lead={words.secondFactorNeededLead(company.name)}
      footer={viewer.companies.map(({ slug, name }) => (
        <span key={slug}>
          <Link to="/c/$company/calls" params={{ company: slug }}>
            {words.goToCompany(name)}
          </Link>{' '}
        </span>
      ))}
    >
      <Provider value={client}>
        {codes === null ? (
          <SecondFactorOff onCodes={setCodes} />
        ) : (
          <RecoveryCodes codes={codes} onSaved={goOn} />
        )}
      </Provider>
    </AccountFrame>
  );
}
