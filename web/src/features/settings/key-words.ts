import type { KeyScope } from '~/gql/documents';
import * as words from '~/words/settings';

/** As the API spells them. */
const SCOPE_CODES: Record<KeyScope, string> = {
  CALLS_READ: 'calls:read',
  EVENTS_READ: 'events:read',
  DELIVERIES_READ: 'deliveries:read',
  EXPORT: 'export',
  ADMIN: 'admin',
};
const SCOPE_HINTS: Record<KeyScope, string> = {
  CALLS_READ: words.callsReadHint,
  EVENTS_READ: words.eventsReadHint,
  DELIVERIES_READ: words.deliveriesReadHint,
  EXPORT: words.exportHint,
  ADMIN: words.adminHint,
};

export const SCOPE_OPTIONS = (Object.keys(SCOPE_CODES) as KeyScope[]).map((value) => ({
  value,
  label: SCOPE_CODES[value],
  hint: SCOPE_HINTS[value],
}));

export function scopesText(scopes: readonly KeyScope[] | null): string {
  if (scopes === null) return words.allOfMember;
  return scopes.map((scope) => SCOPE_CODES[scope]).join(', ');
}

const DAY_MS = 24 * 3_600_000;

/** How long a new key is good; `''` for as long as nobody revokes it. */
export const LIFETIMES = [
  { value: '30', label: words.thirtyDays },
  { value: '90', label: words.ninetyDays },
  { value: '365', label: words.year },
  { value: '', label: words.untilItIsRevoked },
];

export function expiryOf(days: string, now: Date): string | null {
  return days === '' ? null : new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
}

/** Whoever revokes it may break something that runs. */
export function isInUse(lastUsedAt: string | null, now: Date): boolean {
  return lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < DAY_MS;
}
