import { Button } from '@mantine/core';
import { Dialog } from '~/components/dialog';
import { signInAddress } from '~/lib/sign-out';
import * as words from '~/words/session';
import { SignInForm } from './sign-in-form';

interface SessionExpiredDialogProps {
  /** Who was signed in. */
  email: string | null;
  onSignedIn: () => Promise<void>;
}

/** Signs in on top of the page, which stays as it is. */
export function SessionExpiredDialog({ email, onSignedIn }: SessionExpiredDialogProps) {
  const leave = () => window.location.assign(signInAddress());
  return (
    <Dialog opened onClose={leave} title={words.sessionEnded}>
      <p>{words.signInToGoOn}</p>
      <SignInForm email={email ?? undefined} onDone={onSignedIn} />
      <Button mt="sm" variant="subtle" color="gray" fullWidth onClick={leave}>
        {words.goToSignInPage}
      </Button>
    </Dialog>
  );
}
