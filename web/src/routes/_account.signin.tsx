import { Text } from '@mantine/core';
import { createFileRoute, Link, useRouter } from '@tanstack/react-router';
import { AccountFrame } from '~/features/session/account-frame';
import { safeNextPath } from '~/features/session/next-path';
import { SignInForm } from '~/features/session/sign-in-form';
import { forgetSession } from '~/lib/session-end';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/session';
import { useSingleSignOn } from '~/words/single-sign-on';

export const Route = createFileRoute('/_account/signin')({
  validateSearch: (search: Record<string, unknown>): { next?: string; changed?: '1' } => ({
    ...(typeof search.next === 'string' ? { next: search.next } : {}),
    ...(search.changed === '1' ? { changed: '1' } : {}),
  }),
  component: SignInPage,
});

function SignInPage() {
  const { next, changed } = Route.useSearch();
  const router = useRouter();
  usePageTitle(words.signIn);
  return (
    <AccountFrame
      title={words.signIn}
      lead={changed ? words.passwordChangedLead : words.signInLead}
      footer={
        <>
          <Text component="span" display="block" mb={10}>
            <Link to="/forgot-password">{words.forgotPassword}</Link>
          </Text>
          <Text component="span" display="block" mb={10}>
            <Link to="/single-sign-on" search={next === undefined ? {} : { next }}>
              {useSingleSignOn}
            </Link>
          </Text>
          {words.newHere((text) => (
            <Link to="/signup">{text}</Link>
          ))}
        </>
      }
    >
      <SignInForm
        onDone={async () => {
          forgetSession();
          router.history.replace(safeNextPath(next) ?? '/');
        }}
      />
    </AccountFrame>
  );
}
