import { createFileRoute, redirect } from '@tanstack/react-router';

export const Route = createFileRoute('/c/$company/settings/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/c/$company/settings/security', params, replace: true });
  },
});
