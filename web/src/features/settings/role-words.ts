import type { Role } from '~/gql/documents';
import { ROLE_WORDS } from '~/words/roles';

/** Ownership is handed over, not given. */
export const GIVEN_ROLES = ['ADMIN', 'MEMBER', 'VIEWER'] as const satisfies readonly Role[];
export type GivenRole = (typeof GIVEN_ROLES)[number];

export const ROLE_OPTIONS = GIVEN_ROLES.map((value) => ({ value, label: ROLE_WORDS[value] }));
