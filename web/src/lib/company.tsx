import { createContext, type ReactNode, use } from 'react';
import type { CompanyAction, Role } from '~/gql/documents';

export interface Company {
  id: string;
  slug: string;
  name: string;
  timeZone: string;
  viewerRole: Role;
  /** What the server lets the viewer do here. */
  viewerMay: CompanyAction[];
  /** The groups and people whose calls the viewer sees; `null`: all calls. */
  viewerGroupScope: { groupId: string; name: string | null }[] | null;
  /** When it is deleted, if an owner said so. */
  deletedFrom: string | null;
}

const CompanyContext = createContext<Company | null>(null);

export function CompanyProvider({ company, children }: { company: Company; children: ReactNode }) {
  return <CompanyContext value={company}>{children}</CompanyContext>;
}

export function useCompany(): Company {
  const company = use(CompanyContext);
  if (!company) throw new Error('useCompany is only for pages of a company');
  return company;
}
