import { createFileRoute, notFound, Outlet, redirect, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { Provider } from 'urql';
import { CompanyShell } from '~/features/shell/company-shell';
import { CompanyProvider } from '~/lib/company';
import { companyClient } from '~/lib/company-client';
import { rememberCompany } from '~/lib/last-company';
import { forgetSession } from '~/lib/session-end';
import { useSessionExpired } from '~/lib/session-expired';

// Rarely needed, and only then loaded.
const SessionExpiredDialog = lazy(async () => ({
  default: (await import('~/features/session/session-expired-dialog')).SessionExpiredDialog,
}));

export const Route = createFileRoute('/c/$company')({
  beforeLoad: async ({ params, location }) => {
    const { loadViewer } = await import('~/features/session/viewer');
    const viewer = await loadViewer();
    if (!viewer) {
      throw redirect({ to: '/signin', search: { next: location.href }, replace: true });
    }
    const company = viewer.companies.find(({ slug }) => slug === params.company);
    if (viewer.barredCompanies.some(({ slug }) => slug === params.company)) {
      throw redirect({ to: '/second-factor', search: { next: location.href }, replace: true });
    }
    if (!company) throw notFound();
    return { viewer, company };
  },
  component: CompanyLayout,
});

function CompanyLayout() {
  const { company, viewer } = Route.useRouteContext();
  const router = useRouter();
  const expired = useSessionExpired();
  useEffect(() => rememberCompany(company.slug), [company.slug]);
  // Everything that belonged to the old session is forgotten and asked for anew, also whether this
  // company may still be entered: somebody else may have signed in.
  const renew = async () => {
    forgetSession();
    await router.invalidate();
  };
  return (
    <CompanyProvider company={company} key={company.id}>
      <Provider value={companyClient(company.id)}>
        <CompanyShell companies={viewer.companies} email={viewer.user?.email ?? null}>
          <Outlet />
        </CompanyShell>
        {expired && (
          <Suspense fallback={null}>
            <SessionExpiredDialog
              email={viewer.user?.email ?? null}
              providedBy={viewer.isBySingleSignOn ? company.slug : null}
              onSignedIn={renew}
            />
          </Suspense>
        )}
      </Provider>
    </CompanyProvider>
  );
}
