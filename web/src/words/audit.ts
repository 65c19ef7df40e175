// The audit log of a company.

export const auditWho = 'Who';
export const auditWhat = 'What';
export const AUDIT_SUBJECTS: Record<string, string> = {
  people: 'People',
  company: 'Company',
  security: 'Second factor',
  endpoint: 'Secret and Request URL',
  keys: 'API keys',
  views: 'Shared views',
};
export const exportLog = 'Export';
export const noEntryFits = 'No entry fits these filters.';
export const onlyOf = (who: string) => `Only what ${who} did`;
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
  MEMBER_SCOPED: (who, whose) =>
    `lets ${who} see ${whose === 'all calls' ? whose : `calls of ${whose}`}`,
  MEMBER_REMOVED: (who) => `removed ${who}`,
  MEMBER_LEFT: () => 'left the company',
  ACCOUNT_DELETED: (_who, keys) =>
    keys === '' ? 'deleted their account' : `deleted their account; revoked: ${keys}`,
  OWNERSHIP_TRANSFERRED: (who) => `handed the company over to ${who}`,
  MEMBER_RENAMED: (who, change) => `changed the name of ${who}: ${change}`,
  MEMBER_EMAIL_CHANGED: (before, after) => `changed the e-mail address ${before} to ${after}`,
  SECRET_REPLACED: () => 'replaced the secret',
  PREVIOUS_SECRET_ENDED: () => 'ended the secret of before',
  REQUEST_URL_REPLACED: () => 'replaced the Request URL',
  PREVIOUS_URL_ENDED: () => 'ended the Request URL of before',
  COMPANY_CHANGED: (part, change) => `changed the company, ${part}: ${change}`,
  COMPANY_DELETED: (company, from) => `had ${company} deleted from ${from} on`,
  COMPANY_KEPT: (company) => `kept ${company}`,
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
