// The entries of the audit log as sentences that begin with who did it.
import type { Role } from '~/gql/documents';
import { ROLE_WORDS } from './role-words';

interface Entry {
  action: string;
  subject: string;
  detail: string | null;
}

const SENTENCES: Record<string, (subject: string, detail: string) => string> = {
  MEMBER_INVITED: (who, role) => `invited ${who} as ${role}`,
  INVITATION_RESENT: (who) => `sent the invitation of ${who} again`,
  INVITATION_REVOKED: (who) => `revoked the invitation of ${who}`,
  INVITATION_ACCEPTED: (_who, role) => `accepted an invitation as ${role}`,
  MEMBER_ROLE_CHANGED: (who, role) => `made ${who} ${role}`,
  MEMBER_REMOVED: (who) => `removed ${who}`,
  MEMBER_LEFT: () => 'left the company',
  OWNERSHIP_TRANSFERRED: (who) => `handed the company over to ${who}`,
  API_KEY_CREATED: (key) => `made the API key ${key}`,
  API_KEY_ROTATED: (key) => `replaced the API key ${key}`,
  API_KEY_REVOKED: (key) => `revoked the API key ${key}`,
};

/** A change that a newer server knows and this page does not is told by its code. */
export function auditSentence({ action, subject, detail }: Entry): string {
  const say = SENTENCES[action];
  if (say) return say(subject, roleWords(detail));
  return [action, subject, detail].filter((part) => part !== null && part !== '').join(' ');
}

function roleWords(detail: string | null): string {
  const role = (detail ?? '').toUpperCase() as Role;
  return ROLE_WORDS[role] ?? detail ?? '';
}
