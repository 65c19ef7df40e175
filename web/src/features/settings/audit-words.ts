// The entries of the audit log as sentences that begin with who did it.
import type { Role } from '~/gql/documents';
import * as words from '~/words/audit';
import { ROLE_WORDS } from '~/words/roles';

interface Entry {
  action: string;
  subject: string;
  detail: string | null;
}

/** A change that a newer server knows and this page does not is told by its code. */
export function auditSentence({ action, subject, detail }: Entry): string {
  const say = words.AUDIT_SENTENCES[action];
  if (say) return say(subject, roleWords(detail));
  return [action, subject, detail].filter((part) => part !== null && part !== '').join(' ');
}

function roleWords(detail: string | null): string {
  const role = (detail ?? '').toUpperCase() as Role;
  return ROLE_WORDS[role] ?? detail ?? '';
}
