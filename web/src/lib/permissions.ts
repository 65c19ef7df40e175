// What a role may do, as far as pages need to know it beforehand. The server decides; this only
// keeps people from being offered what it would refuse.
import type { Role } from '~/gql/documents';

const SEE_DELIVERIES: Record<Role, boolean> = {
  OWNER: true,
  ADMIN: true,
  MEMBER: true,
  VIEWER: false,
};

const CHANGE_ENDPOINT: Record<Role, boolean> = {
  OWNER: true,
  ADMIN: true,
  MEMBER: false,
  VIEWER: false,
};

export const maySeeDeliveries = (role: Role): boolean => SEE_DELIVERIES[role];
export const mayChangeEndpoint = (role: Role): boolean => CHANGE_ENDPOINT[role];
