import { createFileRoute, Link } from '@tanstack/react-router';
import { AcceptInvitation } from '~/features/session/accept-invitation';
import { AccountFrame } from '~/features/session/account-frame';
import { useMailedLink } from '~/features/session/use-mailed-link';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/invitation')({ component: InvitationPage });

function InvitationPage() {
  const navigate = Route.useNavigate();
  const link = useMailedLink();
  usePageTitle(words.invitationTitle);
  return (
    <AccountFrame
      title={words.youAreInvited}
      lead={words.invitationLead}
      footer={<Link to="/signin">{words.signIn}</Link>}
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
