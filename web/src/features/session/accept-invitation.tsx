import { Button, Loader, PasswordInput, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import * as words from '~/words/session';
import { ResetPasswordSchema } from './account-schema';
import { AuthError, acceptInvitation, type Invited, openInvitation } from './auth-api';
import { Problem } from './problem';
import { useAccountForm } from './use-account-form';

interface AcceptInvitationProps {
  link: string;
  /** They are in, and signed in. */
  onDone: (companySlug: string) => void;
}

export function AcceptInvitation({ link, onDone }: AcceptInvitationProps) {
  const { invited, problem, retry } = useInvitation(link);
  if (problem !== null) {
    return (
      <Stack gap="md">
        <Problem text={problem} />
        <Button variant="default" onClick={retry}>
          {words.tryAgain}
        </Button>
      </Stack>
    );
  }
  if (!invited) return <Loader size="sm" aria-label={words.loading} />;
  return (
    <Stack gap="md">
      <Text size="sm">
        {words.invites({
          company: <bdi>{invited.company.name}</bdi>,
          email: <bdi>{invited.email}</bdi>,
          role: invited.role,
        })}
      </Text>
      {invited.hasAccount ? (
        <Join link={link} onDone={onDone} />
      ) : (
        <NewAccount link={link} email={invited.email} onDone={onDone} />
      )}
    </Stack>
  );
}

/** Looking at an invitation does not use it up. */
function useInvitation(link: string) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks once more.
  useEffect(() => {
    let gone = false;
    setProblem(null);
    openInvitation(link).then(
      (found) => {
        if (!gone) setInvited(found);
      },
      (error: unknown) => {
        if (!(error instanceof AuthError)) throw error;
        if (!gone) setProblem(error.message);
      },
    );
    return () => {
      gone = true;
    };
  }, [link, tries]);
  return { invited, problem, retry: () => setTries(tries + 1) };
}

function Join({ link, onDone }: AcceptInvitationProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AuthError | null>(null);
  const join = async () => {
    setBusy(true);
    try {
      onDone((await acceptInvitation(link)).slug);
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const signInFirst = failure?.code === 'SIGN_IN_FIRST' || failure?.code === 'OTHER_PERSON';
  return (
    <>
      <Problem text={failure?.message ?? null} />
      {signInFirst && (
        <Link to="/signin" search={{ next: `/invitation#${link}` }}>
          {words.signInWithThisAddress}
        </Link>
      )}
      <Button onClick={join} loading={busy} fullWidth>
        {words.join}
      </Button>
    </>
  );
}

function NewAccount({ link, email, onDone }: AcceptInvitationProps & { email: string }) {
  const { form, onSubmit, problem, busy } = useAccountForm(
    ResetPasswordSchema,
    { password: '' },
    async ({ password }) => onDone((await acceptInvitation(link, password)).slug),
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Problem text={problem} />
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={words.choosePassword}
          description={words.passwordHint}
          name="password"
          autoComplete="new-password"
          autoFocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          {words.createAccountAndJoin}
        </Button>
      </Stack>
    </form>
  );
}
