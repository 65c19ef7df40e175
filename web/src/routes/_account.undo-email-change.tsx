import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { undoEmailChange } from '~/features/session/auth-api';
import { OpenLink } from '~/features/session/open-link';
import { useMailedLink } from '~/features/session/use-mailed-link';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/undo-email-change')({
  component: UndoEmailChangePage,
});

function UndoEmailChangePage() {
  const link = useMailedLink();
  usePageTitle(words.takeBack);
  return (
    <AccountFrame
      title={words.takeBack}
      lead={words.takeBackLead}
      footer={<Link to="/signin">{words.signIn}</Link>}
    >
      <OpenLink
        open={() => undoEmailChange(link)}
        button={words.takeMyAccountBack}
        doneText={words.accountTakenBack}
        next={{ href: '/signin', text: words.signIn }}
      />
    </AccountFrame>
  );
}
