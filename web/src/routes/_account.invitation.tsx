import { createFileRoute, Link, useLocation } from '@tanstack/react-router';
import { AcceptInvitation } from '~/features/session/accept-invitation';
import { AccountFrame } from '~/features/session/account-frame';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';

export const Route = createFileRoute('/_account/invitation')({ component: InvitationPage });

function InvitationPage() {
  const navigate = Route.useNavigate();
  const link = useLocation({ select: ({ hash }) => hash });
  usePageTitle('Invitation');
  return (
    <AccountFrame
      title="You are invited"
      lead="To the call history of a company."
      footer={<Link to="/signin">Sign in</Link>}
    >
      <AcceptInvitation
        key={link}
        link={link}
        onDone={(company) => {
          forgetSession();
          void navigate({ to: '/c/$company/calls', params: { company }, replace: true });
        }}
      />
    </AccountFrame>
  );
}
