// The settings of a person and of a company.
import type { ReactNode } from 'react';
import { number, plural } from './language';

// audit-page
export const entryNumber = (place: number) => `#${place}`;
export const entryFrom = (place: number, address: string) => `#${place} · from ${address}`;
export const brokenFrom = (place: number | null) => `Not as it was written from entry ${place} on`;

/** Each goes on after the name of who did it. */
export const AUDIT_SENTENCES: Record<string, (subject: string, detail: string) => string> = {
  MEMBER_INVITED: (who, role) => `invited ${who} as ${role}`,
  INVITATION_RESENT: (who) => `sent the invitation of ${who} again`,
  INVITATION_REVOKED: (who) => `revoked the invitation of ${who}`,
  INVITATION_ACCEPTED: (_who, role) => `accepted an invitation as ${role}`,
  MEMBER_JOINED: (_who, role) => `came in by the single sign-on as ${role}`,
  MEMBER_ROLE_CHANGED: (who, role) => `made ${who} ${role}`,
  MEMBER_REMOVED: (who) => `removed ${who}`,
  MEMBER_LEFT: () => 'left the company',
  OWNERSHIP_TRANSFERRED: (who) => `handed the company over to ${who}`,
  MEMBER_RENAMED: (who, change) => `changed the name of ${who}: ${change}`,
  MEMBER_EMAIL_CHANGED: (before, after) => `changed the e-mail address ${before} to ${after}`,
  SECRET_REPLACED: () => 'replaced the secret',
  PREVIOUS_SECRET_ENDED: () => 'ended the secret of before',
  REQUEST_URL_REPLACED: () => 'replaced the Request URL',
  PREVIOUS_URL_ENDED: () => 'ended the Request URL of before',
  COMPANY_CHANGED: (part, change) => `changed the company, ${part}: ${change}`,
  SHARED_VIEW_KEPT: (view, detail) =>
    detail === '' ? `saved the shared view ${view}` : `made the shared view ${view} ${detail}`,
  SHARED_VIEW_REMOVED: (view) => `removed the shared view ${view}`,
  SECOND_FACTOR_REQUIRED: (_company, from) => `asked everybody for a second factor from ${from} on`,
  SECOND_FACTOR_OPTIONAL: () => 'asked nobody for a second factor any more',
  SINGLE_SIGN_ON_SET: (issuer, how) => `set the single sign-on by ${issuer}: ${how}`,
  SINGLE_SIGN_ON_ENDED: (issuer) => `ended the single sign-on by ${issuer}`,
  API_KEY_CREATED: (key) => `made the API key ${key}`,
  API_KEY_ROTATED: (key) => `replaced the API key ${key}`,
  API_KEY_REVOKED: (key) => `revoked the API key ${key}`,
};

// device-words
export const browserOn = (browser: string, system: string) => `${browser} on ${system}`;
export const unknownDevice = 'Unknown device';

// invitations-card, invite-card
export const invitedBy = (who: ReactNode) => <>invited by {who}</>;
export const linkExpired = 'the link is good no more';
export const goodUntil = (date: ReactNode) => <>good until {date}</>;
export const invitationSent = (email: ReactNode) => <>An invitation was sent to {email}.</>;

// key-words, keys-card
export const allOfMember = 'all that a member may do';
export const copyKey = 'Copy key';
export const replaceKeyEffect = (hours: number) =>
  `You get a new key with the same rights at once. The one of now is good for another ${number(hours)} hours.`;
export const revokeKeyEffect = (name: ReactNode) => (
  <>Nothing can use {name} any more, within seconds.</>
);
export const usedLately = 'It was used within the last 24 hours.';
export const made = (date: string) => `made ${date}`;
export const madeBy = (date: string, who: ReactNode) => (
  <>
    made {date} by {who}
  </>
);
export const lastUsed = (time: ReactNode) => <>last used {time}</>;
export const neverUsed = 'never used';
export const ranOut = (date: ReactNode) => <>ran out {date}</>;

// members-card
export const roleChanged = (who: string, role: string) => `${who} is ${role} now`;
export const memberSince = (date: ReactNode) => <>since {date}</>;
export const actOn = (action: string, who: string) => `${action}: ${who}`;
export const makeOwner = 'Make owner';
export const remove = 'Remove';
export const leave = 'Leave';
export const removeEffect = (who: string, company: string) =>
  `${who} loses access to ${company} at once. What they did stays in the audit log.`;
export const leaveEffect = (company: string) =>
  `You lose access to ${company} at once. To come back you have to be invited again.`;
export const handOverEffect = (who: string, company: string) =>
  `${who} becomes the owner of ${company}, and you become an admin.`;

// password-card
export const passwordChanged = 'The password is changed.';
export const passwordChangedAndEnded = (count: number) =>
  plural(count, {
    one: 'The password is changed, and # other session was ended.',
    other: 'The password is changed, and # other sessions were ended.',
  });

// second-factor-on, recovery-codes
export const onSince = (date: string) => `On since ${date}.`;
export const codesLeft = (count: number) =>
  plural(count, { one: '# recovery code is left.', other: '# recovery codes are left.' });
export const copyRecoveryCodes = 'Copy recovery codes';

// company-page, company-card
export const company = 'Company';
export const companyName = 'Company name';
export const addressOfPages = 'Address of its pages';
export const pagesAt = (slug: string) => `/c/${slug}`;
export const addressOfPagesHint = (slug: string) =>
  `Its pages are at ${pagesAt(slug)}. Links to the address of before lead nowhere once it is changed.`;
export const timeZone = 'Time zone';
export const timeZoneOfCompanyHint = 'Days begin there at midnight, in lists, charts and exports.';
export const enterCompanyName = 'Enter the name of the company.';
export const enterAddressOfPages = 'Enter an address.';
export const saveCompany = 'Save';
export const companySaved = 'Saved.';

// factor-rule-card
export const factorOfEverybody = 'A second factor for everybody';
export const factorOfEverybodyHint =
  'Whoever has none by then cannot enter the company until they have set one up.';
export const factorNotRequired = 'It is not asked for: everybody chooses for themselves.';
export const factorRequiredFrom = (time: ReactNode, isNow: boolean) =>
  isNow ? <>It is asked for since {time}.</> : <>It is asked for from {time} on.</>;
export const peopleWithoutFactor = 'People without a second factor';
export const withoutFactor = (count: number) =>
  plural(count, { one: '# person has none yet:', other: '# people have none yet:' });
export const requireFactorIn = (days: number) =>
  days === 0 ? 'Ask for it from now on' : `Ask for it in ${number(days)} days`;
export const requireFactorNoMore = 'Do not ask for it any more';
export const factorAskedOfEverybody = 'From then on everybody needs a second factor.';
export const factorAskedOfNobody = 'Nobody needs a second factor any more.';

// name-card
export const yourName = 'Your name';
export const nameForColleagues = 'Name';
export const yourNameHint = 'Your colleagues see it beside your address, in all your companies.';
export const saveName = 'Save name';
export const nameSaved = 'Your name is saved.';

// email-card
export const changeAddress = 'Change address';
export const newAddress = 'New address';
export const newAddressHint = 'A link is mailed there. Nothing changes until you open it.';
export const enterNewAddress = 'Enter the new address.';
export const sendLink = 'Send the link';
export const moveLinkSentTo = (email: string) =>
  `A mail was sent to ${email}. Open its link within 24 hours to change your address.`;
export const linkSentTo = (email: string) =>
  `A link was sent to ${email}. It works once, for 24 hours.`;

// sessions-card
export const sessionsEnded = (count: number) =>
  plural(count, { one: '# session ended', other: '# sessions ended' });
export const othersEnd = (count: number) =>
  plural(count, {
    one: '# session ends within seconds; this one stays.',
    other: '# sessions end within seconds; this one stays.',
  });
export const sessionEnds = (device: string) =>
  `${device} is signed out within seconds. Whoever knows the password can sign in again there.`;
export const signedIn = (from: ReactNode, until: string) => (
  <>
    signed in {from}, until {until}
  </>
);
export const unknownAddress = 'Unknown address';
export const endSessionOf = (device: string, address: string) =>
  `End the session of ${device}, ${address}`;
export const end = 'End';

// audit-page
export const auditLog = 'Audit log';
export const settings = 'Settings';
export const loading = 'Loading';
export const noEntries = 'Nobody has changed anything yet.';
export const whole = 'Whole and unchanged';
export const digestHint = 'Each entry holds a digest over itself and all before it.';
export const olderEntries = 'Older entries';

// invitations-card
export const invitationResent = 'The invitation was sent again';
export const invitationRevoked = 'The invitation is no longer good';
export const invited = 'Invited';
export const sendAgain = 'Send again';
export const sendAgainTo = (email: string) => `Send again: ${email}`;
export const revoke = 'Revoke';
export const revokeOf = (what: string) => `Revoke: ${what}`;

// invite-card
export const enterEmail = 'Enter an e-mail address.';
export const inviteSomebody = 'Invite somebody';
export const email = 'E-mail';
export const role = 'Role';
export const sendInvitation = 'Send the invitation';

// key-words
export const callsReadHint = 'calls, conversations';
export const eventsReadHint = 'signed events of calls';
export const deliveriesReadHint = 'deliveries';
export const exportHint = 'calls to a file';
export const adminHint = 'all that an admin may';
export const thirtyDays = '30 days';
export const ninetyDays = '90 days';
export const year = 'A year';
export const untilItIsRevoked = 'Until it is revoked';

// keys-card
export const keyIsRevoked = 'The key is revoked';
export const apiKeys = 'API keys';
export const noKeys = 'There is none.';
export const replace = 'Replace';
export const replaceOf = (name: string) => `Replace: ${name}`;
export const replaceKeyTitle = 'Replace this key?';
export const revokeKeyTitle = 'Revoke this key?';
export const makeNewKey = 'Make a new key';

// keys-page
export const keyTitle = (name: string) => `The key “${name}”`;
export const keyShownOnce = 'It is shown this once. Keep it where your program finds it.';
export const iHaveSavedIt = 'I have saved it';

// members-card
export const members = 'Members';
export const roleOf = (email: string) => `Role of ${email}`;
export const you = 'You';
export const removeTitle = 'Remove from the company?';
export const leaveTitle = 'Leave the company?';
export const handOverTitle = 'Hand the company over?';

// new-key-card
export const sayWhatFor = 'Say what the key is for.';
export const chooseAtLeastOne = 'Choose at least one.';
export const makeKeyTitle = 'Make a key';
export const keyName = 'Name';
export const nameHint = 'What it is for';
export const goodFor = 'Good for';
export const scopes = 'May';
export const makeKey = 'Make the key';

// password-card
export const enterCurrentPassword = 'Enter your current password.';
export const chooseNewPassword = 'Choose a new password.';
export const password = 'Password';
export const passwordLead = 'Changing it signs you out everywhere else.';
export const currentPassword = 'Current password';
export const newPassword = 'New password';
export const passwordHint = 'At least 8 characters.';
export const changePassword = 'Change password';

// people-page
export const people = 'People';

// recovery-codes
export const recoveryCodesLead =
  'Keep these recovery codes where you find them without the app. Each opens your account once. They are shown this once.';
export const recoveryCodes = 'Recovery codes';
export const download = 'Download';
export const iHaveSavedThem = 'I have saved them';

// second-factor-card
export const secondFactor = 'Second factor';
export const off = 'Off';
export const on = 'On';

// second-factor-off
export const enterPassword = 'Enter your password.';
export const secondFactorLead =
  'Signing in then asks for a code of an authenticator app too, so a stolen password opens nothing.';
export const yourPassword = 'Your password';
export const setItUp = 'Set it up';
export const enterCode = 'Enter the code.';
export const scanThis =
  'Scan this with your authenticator app, or type the key into it. Then enter the six digits that it shows.';
export const qrTitle = 'QR code for the app';
export const key = 'Key';
export const code = 'Code';
export const turnItOn = 'Turn it on';
export const cancel = 'Cancel';

// second-factor-on
export const makeNewRecoveryCodes = 'Make new recovery codes';
export const turnItOff = 'Turn it off';
export const secondFactorIsOff = 'The second factor is off';
export const turnOffEffect = 'Signing in then asks for the password only.';
export const newCodesEffect = 'The codes of before are good no more.';

// security-page
export const security = 'Security';
export const confirmedAlready = 'It is confirmed already.';
export const emailAddress = 'E-mail address';
export const confirmed = 'Confirmed';
export const notConfirmedYet = 'Not confirmed yet';
export const notConfirmedHint =
  'Open the link in the mail we sent when you signed up. Until then you cannot invite anybody.';
export const sendAnotherLink = 'Send another link';

// sessions-card
export const sessionIsEnded = 'The session is ended';
export const whereYouAreSignedIn = 'Where you are signed in';
export const signOutElsewhere = 'Sign out everywhere else';
export const signOutElsewhereTitle = 'Sign out everywhere else?';
export const endThisSession = 'End this session?';
export const endSession = 'End the session';
export const thisSession = 'This session';
