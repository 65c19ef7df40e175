import { createFileRoute, notFound, Outlet, redirect } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Provider } from 'urql';
import { CompanyShell } from '~/features/shell/company-shell';
import { CompanyProvider } from '~/lib/company';
import { companyClient } from '~/lib/company-client';
import { rememberCompany } from '~/lib/last-company';

export const Route = createFileRoute('/c/$company')({
  beforeLoad: async ({ params, location }) => {
    const { loadViewer } = await import('~/features/session/viewer');
    const viewer = await loadViewer();
    if (!viewer) {
      throw redirect({ to: '/signin', search: { next: location.href }, replace: true });
    }
    const company = viewer.companies.find(({ slug }) => slug === params.company);
    if (!company) throw notFound();
    return { viewer, company };
  },
  component: CompanyLayout,
});

function CompanyLayout() {
  const { company, viewer } = Route.useRouteContext();
  useEffect(() => rememberCompany(company.slug), [company.slug]);
  return (
    <CompanyProvider company={company} key={company.id}>
      <Provider value={companyClient(company.id)}>
        <CompanyShell companies={viewer.companies} email={viewer.user?.email ?? null}>
          <Outlet />
        </CompanyShell>
      </Provider>
    </CompanyProvider>
  );
}
