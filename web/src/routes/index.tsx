import { createFileRoute, redirect } from '@tanstack/react-router';
import { PageState } from '~/components/page-state';
import { lastCompany } from '~/lib/last-company';
import * as words from '~/words/session';

export const Route = createFileRoute('/')({
  beforeLoad: async () => {
    // Loaded on demand, so that the signed-out pages do not carry the data layer.
    const { loadViewer } = await import('~/features/session/viewer');
    const viewer = await loadViewer();
    if (!viewer) throw redirect({ to: '/signin', replace: true });
    const last = lastCompany();
    const company = viewer.companies.find(({ slug }) => slug === last) ?? viewer.companies[0];
    if (company) {
      throw redirect({ to: '/c/$company/calls', params: { company: company.slug }, replace: true });
    }
    if (viewer.barredCompanies.length > 0) throw redirect({ to: '/second-factor', replace: true });
  },
  component: NoCompanyPage,
});

function NoCompanyPage() {
  return (
    <main>
      <PageState title={words.noCompany}>{words.noCompanyAdvice}</PageState>
    </main>
  );
}
