import { createFileRoute, Link, useLocation } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { ResetPasswordForm } from '~/features/session/reset-password-form';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';

export const Route = createFileRoute('/_account/reset-password')({ component: ResetPasswordPage });

function ResetPasswordPage() {
  const navigate = Route.useNavigate();
  const link = useLocation({ select: ({ hash }) => hash });
  usePageTitle('Choose a new password');
  return (
    <AccountFrame
      title="Choose a new password"
      lead="You are signed out everywhere, and sign in again with the new one."
      footer={
        <>
          The link does not work? <Link to="/forgot-password">Get another one</Link>
        </>
      }
    >
      <ResetPasswordForm
        link={link}
        onDone={() => {
          forgetSession();
          void navigate({ to: '/signin', search: { changed: '1' }, replace: true });
        }}
      />
    </AccountFrame>
  );
}
