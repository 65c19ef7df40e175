import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { ForgotPasswordForm } from '~/features/session/forgot-password-form';
import { usePageTitle } from '~/lib/use-page-title';

export const Route = createFileRoute('/_account/forgot-password')({
  component: ForgotPasswordPage,
});

function ForgotPasswordPage() {
  usePageTitle('Forgot your password');
  return (
    <AccountFrame
      title="Forgot your password?"
      lead="We send you a link with which you can choose a new one."
      footer={<Link to="/signin">Back to signing in</Link>}
    >
      <ForgotPasswordForm />
    </AccountFrame>
  );
}
