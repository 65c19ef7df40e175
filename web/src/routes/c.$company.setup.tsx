import { createFileRoute } from '@tanstack/react-router';
import { SetupPage } from '~/features/setup/setup-page';

export const Route = createFileRoute('/c/$company/setup')({ component: SetupPage });
