import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { SignUpForm } from '~/features/session/sign-up-form';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';

export const Route = createFileRoute('/_account/signup')({ component: SignUpPage });

function SignUpPage() {
  const navigate = Route.useNavigate();
  usePageTitle(words.createAnAccount);
  return (
    <AccountFrame
      title={words.createAnAccount}
      lead={words.signUpLead}
      footer={words.haveAccount((text) => <Link to="/signin">{text}</Link>)}
    >
      <SignUpForm
        onDone={async (company) => {
          forgetSession();
          await navigate({ to: '/c/$company/setup', params: { company: company.slug } });
        }}
      />
    </AccountFrame>
  );
}
