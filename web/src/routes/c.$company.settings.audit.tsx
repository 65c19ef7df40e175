import { createFileRoute } from '@tanstack/react-router';
import { AuditPage } from '~/features/settings/audit-page';

export const Route = createFileRoute('/c/$company/settings/audit')({ component: AuditPage });
