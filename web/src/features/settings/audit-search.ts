// The view of the audit log is its query string: read here, turned into the server's filter here.
import type { AuditFilter } from '~/gql/documents';
import { keepKnown, listOf } from '~/lib/search-lists';
import { endOf, type Range, rangeMs, readRange, startOf, type TimeRange } from '~/lib/time-range';

const WHO_CHARS_MAX = 254;

/** What was done, by what it was done to. */
export const AUDIT_ACTIONS: Record<string, string[]> = {
  people: [
    'MEMBER_INVITED',
    'INVITATION_RESENT',
    'INVITATION_REVOKED',
    'INVITATION_ACCEPTED',
    'MEMBER_JOINED',
    'MEMBER_ROLE_CHANGED',
    'MEMBER_SCOPED',
    'MEMBER_RENAMED',
    'MEMBER_REMOVED',
    'MEMBER_EMAIL_CHANGED',
    'MEMBER_LEFT',
    'ACCOUNT_DELETED',
    'OWNERSHIP_TRANSFERRED',
  ],
  company: ['COMPANY_CHANGED', 'COMPANY_DELETED', 'COMPANY_KEPT'],
  security: [
    'SECOND_FACTOR_REQUIRED',
    'SECOND_FACTOR_OPTIONAL',
    'SINGLE_SIGN_ON_SET',
    'SINGLE_SIGN_ON_ENDED',
  ],
  endpoint: [
    'SECRET_REPLACED',
    'PREVIOUS_SECRET_ENDED',
    'REQUEST_URL_REPLACED',
    'PREVIOUS_URL_ENDED',
  ],
  keys: ['API_KEY_CREATED', 'API_KEY_ROTATED', 'API_KEY_REVOKED'],
  views: ['SHARED_VIEW_KEPT', 'SHARED_VIEW_REMOVED'],
};

export interface AuditSearch extends TimeRange {
  /** The address of a person or the name of a key. */
  who?: string;
  /** Keys of `AUDIT_ACTIONS`. */
  what?: string;
}

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const { who } = raw;
  const search: AuditSearch = {
    who: typeof who === 'string' && who !== '' ? who.slice(0, WHO_CHARS_MAX) : undefined,
    what: keepKnown(raw.what, Object.keys(AUDIT_ACTIONS)),
    ...readRange(raw),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export function hasAuditFilter(search: AuditSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}

export function auditFilter(search: AuditSearch, timeZone: string, now: Date): AuditFilter {
  const { who, what, range, from, to } = search;
  const actions = listOf(what).flatMap((each) => AUDIT_ACTIONS[each] ?? []);
  return {
    actor: who,
    actions: what === undefined ? undefined : actions,
    since: range ? agoOf(range, now) : from && startOf(from, timeZone),
    until: to && endOf(to, timeZone),
  };
}

function agoOf(range: Range, now: Date): string {
  return new Date(now.getTime() - rangeMs(range)).toISOString();
}

/** Where the same entries are, as a file. */
export function exportAddress(company: string, { actor, actions, since, until }: AuditFilter) {
  const asked = { company, actor, actions: actions?.join(','), since, until };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return `/api/export/audit?${new URLSearchParams(given)}`;
}
