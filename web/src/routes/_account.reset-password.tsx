import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { ResetPasswordForm } from '~/features/session/reset-password-form';
import { useMailedLink } from '~/features/session/use-mailed-link';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/reset-password')({ component: ResetPasswordPage });

function ResetPasswordPage() {
  const navigate = Route.useNavigate();
  const link = useMailedLink();
  usePageTitle(words.chooseNewPassword);
  return (
    <AccountFrame
      title={words.chooseNewPassword}
      lead={words.resetPasswordLead}
      footer={words.linkFails((text) => <Link to="/forgot-password">{text}</Link>)}
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
