import { createFileRoute, redirect } from '@tanstack/react-router';

export const Route = createFileRoute('/c/$company/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/c/$company/calls', params, replace: true });
  },
});
