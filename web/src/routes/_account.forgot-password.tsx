import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { ForgotPasswordForm } from '~/features/session/forgot-password-form';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/forgot-password')({
  component: ForgotPasswordPage,
});

function ForgotPasswordPage() {
  usePageTitle(words.forgotPasswordTitle);
  return (
    <AccountFrame
      title={words.forgotPassword}
      lead={words.forgotPasswordLead}
      footer={<Link to="/signin">{words.backToSigningIn}</Link>}
    >
      <ForgotPasswordForm />
    </AccountFrame>
  );
}
