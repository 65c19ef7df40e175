import { createFileRoute } from '@tanstack/react-router';
import { AuditPage } from '~/features/settings/audit-page';
import { readAuditSearch } from '~/features/settings/audit-search';

export const Route = createFileRoute('/c/$company/settings/audit')({
  validateSearch: readAuditSearch,
  component: AuditRoute,
});

function AuditRoute() {
  return <AuditPage search={Route.useSearch()} />;
}
