// Signing in by a company's own provider, and setting that up.
import type { ReactNode } from 'react';

// routes/_account.signin
export const useSingleSignOn = 'Use the single sign-on of your company';

// routes/_account.single-sign-on
export const singleSignOn = 'Single sign-on';
export const singleSignOnLead = 'Your company’s provider says who you are. No password of ours.';
export const usePassword = 'Sign in with a password';

// single-sign-on-form
export const companyAddress = 'Address of your company';
export const companyAddressHint = (origin: string) =>
  `What stands behind ${origin}/c/. Who runs it tells you.`;
export const enterCompanyAddress = 'Enter the address of your company.';
export const goToProvider = 'Go on to your provider';

/** Why nobody was let in. The codes are those of the server. */
const REFUSALS: Record<string, string> = {
  SSO_EXPIRED: 'That took too long, or was begun in another browser. Start again.',
  SSO_DECLINED: 'Your company’s provider did not let you in.',
  SSO_UNAVAILABLE: 'Your company’s provider does not answer as it should. Try again in a moment.',
  SSO_INVALID: 'What your company’s provider says cannot be trusted. Tell who runs it.',
  SSO_NO_EMAIL: 'Your company’s provider does not say which proven e-mail address you have.',
  SSO_OTHER_DOMAIN: 'Your company’s provider may not speak for your e-mail address.',
  SSO_COMPANY_FULL: 'There are too many people in this company.',
};
export const refusal = (code: string) =>
  (Object.hasOwn(REFUSALS, code) && REFUSALS[code]) || 'Signing in did not work. Start again.';

// single-sign-on-card
export const loading = 'Loading';
export const singleSignOnHint =
  'People sign in by your own provider, such as Okta, Entra ID or Google Workspace (OpenID Connect). They reach this company only. Who comes first gets in without an invitation; passwords stay good.';
export const callbackUrl = 'Redirect URI';
export const callbackHint = 'Enter it at your provider, and copy the rest from there.';
export const copyCallbackUrl = 'Copy redirect URI';
export const signInLink = 'Link to sign in';
export const copySignInLink = 'Copy link to sign in';
export const issuer = 'Issuer';
export const issuerHint = 'As your provider shows it: https://login.example.com';
export const enterIssuer = 'Enter the issuer.';
export const clientId = 'Client ID';
export const enterClientId = 'Enter the client ID.';
export const clientSecret = 'Client secret';
export const clientSecretKept = 'Kept, and not shown again. Enter one only to replace it.';
export const enterClientSecret = 'Enter the client secret.';
export const domains = 'E-mail domains';
export const domainsHint = 'Whose addresses the provider may speak for: example.com, example.org';
export const enterDomains = 'Enter at least one domain.';
export const defaultRole = 'Role of who comes first';
export const setUp = 'Set up single sign-on';
export const save = 'Save single sign-on';
export const isSet = 'Saved. The provider answers.';
export const end = 'End single sign-on';
export const endQuestion = 'End single sign-on?';
export const endConsequence =
  'Whoever came in by it is signed out at once. They stay in the company, and can choose a password by mail.';
export const endConsequenceForSelf = 'So are you.';
export const isEnded = 'Ended. People sign in with their passwords.';

// security-page
export const bySingleSignOn = 'You are here by single sign-on';
export const bySingleSignOnHint = (link: (text: string) => ReactNode) => (
  <>
    This opens the company, and nothing of your account. To change your name, address, password or
    second factor, sign in with your password. You have none? {link('Choose one by mail')}.
  </>
);
