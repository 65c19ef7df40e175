import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { SignUpForm } from '~/features/session/sign-up-form';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';

export const Route = createFileRoute('/_account/signup')({ component: SignUpPage });

function SignUpPage() {
  const navigate = Route.useNavigate();
  usePageTitle('Create an account');
  return (
    <AccountFrame
      title="Create an account"
      lead="Connect Dialpad and search your calls within minutes."
      footer={
        <>
          Already have an account? <Link to="/signin">Sign in</Link>
        </>
      }
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
