import { createFileRoute } from '@tanstack/react-router';
import { PeoplePage } from '~/features/settings/people-page';

export const Route = createFileRoute('/c/$company/settings/people')({ component: PeoplePage });
