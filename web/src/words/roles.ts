// What the members of a company are, and may.
import type { Role } from '~/gql/documents';

export const ROLE_WORDS: Record<Role, string> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  MEMBER: 'Member',
  VIEWER: 'Viewer',
};

/** What a role may do, in a line; the server decides. */
export const ROLE_HINTS: Record<Role, string> = {
  OWNER: 'May do everything.',
  ADMIN: 'Runs the set-up, and invites and removes people.',
  MEMBER: 'Uses the call history and sees the Request URL and its deliveries.',
  VIEWER: 'Reads the call history.',
};
