// Signing up and in, and everything around it.
import type { ReactNode } from 'react';

/** Makes a link of a part of a sentence. */
type Linked = (text: string) => ReactNode;

// accept-invitation
export const tryAgain = 'Try again';
export const loading = 'Loading';
export const signInWithThisAddress = 'Sign in with this address';
export const join = 'Join';
export const choosePassword = 'Choose a password';
export const passwordHint = 'At least 8 characters.';
export const createAccountAndJoin = 'Create account and join';

// account-schema
export const enterEmail = 'Enter your e-mail address.';
export const noEmail = 'This does not look like an e-mail address.';
export const enterYourPassword = 'Enter your password.';
export const enterCodeError = 'Enter the code.';
export const chooseNewPasswordError = 'Choose a new password.';
export const enterCompanyName = 'Enter the name of your company.';
export const choosePasswordError = 'Choose a password.';

// auth-api
export const unreachable = 'The server cannot be reached. Check the connection and try again.';
export const unexpectedAnswer = (status: number, requestId: string | null) =>
  requestId === null
    ? `The server answered ${status}. Try again shortly.`
    : `The server answered ${status}. Try again shortly. Request ${requestId}.`;

// code-form
export const enterRecoveryCode = 'Enter one of the recovery codes that you kept. Each works once.';
export const enterDigits = 'Enter the six digits that your authenticator app shows.';
export const recoveryCode = 'Recovery code';
export const code = 'Code';
export const signIn = 'Sign in';
export const useAppInstead = 'Use the app instead';
export const useRecoveryCode = 'Use a recovery code';
export const backToPassword = 'Back to the password';

// email-field
export const email = 'E-mail';

// forgot-password-form
export const sendLink = 'Send the link';
export const sendItAgain = 'Send it again';

// reset-password-form
export const newPassword = 'New password';
export const changePassword = 'Change password';

// session-expired-dialog
export const sessionEnded = 'Your session has ended';
export const signInToGoOn = 'Sign in again to go on. What you see here stays as it is.';
export const signInByProviderToGoOn =
  'Your company’s provider lets you in again, and you come back to what you see here.';
export const goOnBySingleSignOn = 'Go on by single sign-on';
export const goToSignInPage = 'Go to the sign-in page';

// sign-in-form
export const password = 'Password';

// sign-up-form
export const companyName = 'Company name';
export const timeZone = 'Time zone';
export const timeZoneHint = 'Taken from this browser. Decides where a day begins and ends.';
export const createAccount = 'Create account';

// verify-email
export const goToCalls = 'Go to your calls';
export const confirmMyAddress = 'Confirm my address';
export const addressConfirmed = 'Thank you, your address is confirmed.';

// routes/_account.forgot-password
export const forgotPasswordTitle = 'Forgot your password';
export const forgotPassword = 'Forgot your password?';
export const forgotPasswordLead = 'We send you a link with which you can choose a new one.';
export const backToSigningIn = 'Back to signing in';

// routes/_account.invitation
export const invitationTitle = 'Invitation';
export const youAreInvited = 'You are invited';
export const invitationLead = 'To the call history of a company.';

// routes/_account.reset-password
export const chooseNewPassword = 'Choose a new password';
export const resetPasswordLead =
  'You are signed out everywhere, and sign in again with the new one.';

// routes/_account.signin
export const passwordChangedLead = 'Your password is changed. Sign in with the new one.';
export const signInLead = 'Every call of your company, searchable.';
export const createAnAccount = 'Create an account';

// routes/_account.signup
export const signUpLead = 'Connect Dialpad and search your calls within minutes.';

// routes/_account.change-email
export const newAddress = 'Use a new e-mail address';
export const newAddressLead =
  'Your account moves to the address to which this link was mailed. You are signed out everywhere else.';
export const useThisAddress = 'Use this address';
export const addressChanged = 'Done. From now on you sign in with this address.';

// routes/_account.undo-email-change
export const takeBack = 'Take your account back';
export const takeBackLead =
  'It moves back to the address to which this link was mailed. Everybody is signed out, and the password of now works no more: you get a mail to choose a new one.';
export const takeMyAccountBack = 'Take my account back';
export const accountTakenBack =
  'Your account is back. The mail to choose a new password is on its way.';

// routes/_account.verify-email
export const confirmEmail = 'Confirm your e-mail address';
export const confirmEmailLead = 'So that we know where to reach you, and you can invite others.';

// routes/index
export const noCompanyAdvice =
  'Ask an owner or admin of your company to invite you, or sign up with a new company.';
export const noCompany = 'You belong to no company';

// with something inside
export const invites = (of: { company: ReactNode; email: ReactNode; role: string }) => (
  <>
    {of.company} invites {of.email} as {of.role}.
  </>
);
export const linkSent = (email: ReactNode) => (
  <>If {email} has an account, a link is on its way. It works once, for 30 minutes.</>
);
export const linkFails = (link: Linked) => <>The link does not work? {link('Get another one')}</>;
export const newHere = (link: Linked) => <>New here? {link('Create an account')}</>;
export const haveAccount = (link: Linked) => <>Already have an account? {link('Sign in')}</>;

// second-factor
export const secondFactorNeeded = 'A second factor is needed';
export const secondFactorNeededLead = (company: string) =>
  `${company} asks everybody for one. Once you have set it up, you go on where you were.`;
export const goToCompany = (name: string) => `Go to ${name}`;
