import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '~/components/dialog';
import { signInAddress } from '~/lib/sign-out';
import * as words from '~/words/session';
import { AuthError, beginSingleSignOn } from './auth-api';
import { Problem } from './problem';
import { SignInForm } from './sign-in-form';

interface SessionExpiredDialogProps {
  /** Who was signed in. */
  email: string | null;
  /** The company whose provider let them in, if that is how they came. */
  providedBy: string | null;
  onSignedIn: () => Promise<void>;
}

/** Signs in on top of the page, which stays as it is; by a provider it has to be left, and comes back. */
export function SessionExpiredDialog({ email, providedBy, onSignedIn }: SessionExpiredDialogProps) {
  const leave = () => window.location.assign(signInAddress());
  return (
    <Dialog opened onClose={leave} title={words.sessionEnded}>
      {providedBy === null ? (
        <>
          <p>{words.signInToGoOn}</p>
          <SignInForm email={email ?? undefined} onDone={onSignedIn} />
        </>
      ) : (
        <ByProvider company={providedBy} />
      )}
      <Button mt="sm" variant="subtle" color="gray" fullWidth onClick={leave}>
        {words.goToSignInPage}
      </Button>
    </Dialog>
  );
}

function ByProvider({ company }: { company: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const goOn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const next = window.location.pathname + window.location.search;
      window.location.assign(await beginSingleSignOn({ company, next }));
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p>{words.signInByProviderToGoOn}</p>
      <Problem text={problem} />
      <Button fullWidth loading={busy} onClick={goOn}>
        {words.goOnBySingleSignOn}
      </Button>
    </>
  );
}
