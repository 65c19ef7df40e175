import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { changeEmail } from '~/features/session/auth-api';
import { OpenLink } from '~/features/session/open-link';
import { useMailedLink } from '~/features/session/use-mailed-link';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/change-email')({ component: ChangeEmailPage });

function ChangeEmailPage() {
  const link = useMailedLink();
  usePageTitle(words.newAddress);
  return (
    <AccountFrame
      title={words.newAddress}
      lead={words.newAddressLead}
      footer={<Link to="/signin">{words.signIn}</Link>}
    >
      <OpenLink
        open={() => changeEmail(link)}
        button={words.useThisAddress}
        doneText={words.addressChanged}
        next={{ href: '/', text: words.goToCalls }}
      />
    </AccountFrame>
  );
}
