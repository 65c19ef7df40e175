import { createFileRoute } from '@tanstack/react-router';
import { CompanyPage } from '~/features/settings/company-page';

export const Route = createFileRoute('/c/$company/settings/company')({ component: CompanyPage });
