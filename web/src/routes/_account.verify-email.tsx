import { createFileRoute, Link, useLocation } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { VerifyEmail } from '~/features/session/verify-email';
import { usePageTitle } from '~/lib/use-page-title';

export const Route = createFileRoute('/_account/verify-email')({ component: VerifyEmailPage });

function VerifyEmailPage() {
  const link = useLocation({ select: ({ hash }) => hash });
  usePageTitle('Confirm your e-mail address');
  return (
    <AccountFrame
      title="Confirm your e-mail address"
      lead="So that we know where to reach you, and you can invite others."
      footer={<Link to="/signin">Sign in</Link>}
    >
      <VerifyEmail link={link} />
    </AccountFrame>
  );
}
