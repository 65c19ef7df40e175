import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { verifyEmail } from '~/features/session/auth-api';
import { OpenLink } from '~/features/session/open-link';
import { useMailedLink } from '~/features/session/use-mailed-link';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/verify-email')({ component: VerifyEmailPage });

function VerifyEmailPage() {
  const link = useMailedLink();
  usePageTitle(words.confirmEmail);
  return (
    <AccountFrame
      title={words.confirmEmail}
      lead={words.confirmEmailLead}
      footer={<Link to="/signin">{words.signIn}</Link>}
    >
      <OpenLink
        open={() => verifyEmail(link)}
        button={words.confirmMyAddress}
        doneText={words.addressConfirmed}
        next={{ href: '/', text: words.goToCalls }}
      />
    </AccountFrame>
  );
}
