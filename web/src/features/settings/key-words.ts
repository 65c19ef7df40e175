import type { KeyScope } from '~/gql/documents';

const SCOPE_WORDS: Record<KeyScope, { label: string; hint: string }> = {
  CALLS_READ: { label: 'calls:read', hint: 'calls, conversations' },
  EVENTS_READ: { label: 'events:read', hint: 'signed events of calls' },
  DELIVERIES_READ: { label: 'deliveries:read', hint: 'deliveries' },
  EXPORT: { label: 'export', hint: 'calls to a file' },
  ADMIN: { label: 'admin', hint: 'all that an admin may' },
};

export const SCOPE_OPTIONS = (Object.keys(SCOPE_WORDS) as KeyScope[]).map((value) => ({
  value,
  ...SCOPE_WORDS[value],
}));

export function scopesText(scopes: readonly KeyScope[] | null): string {
  if (scopes === null) return 'all that a member may do';
  return scopes.map((scope) => SCOPE_WORDS[scope].label).join(', ');
}

const DAY_MS = 24 * 3_600_000;

/** How long a new key is good; `''` for as long as nobody revokes it. */
export const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Until it is revoked' },
];

export function expiryOf(days: string, now: Date): string | null {
  return days === '' ? null : new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
}

/** Whoever revokes it may break something that runs. */
export function isInUse(lastUsedAt: string | null, now: Date): boolean {
  return lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < DAY_MS;
}
