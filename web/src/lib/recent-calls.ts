// The calls that were looked at last, for the command palette. They are kept in memory only: names
// of customers have no place in a browser's storage.
import { onSessionEnd } from './session-end';

export interface RecentCall {
  callId: string;
  name: string;
}

const KEPT_MAX = 5;

const byCompany = new Map<string, RecentCall[]>();
onSessionEnd(() => byCompany.clear());

export function recentCalls(companyId: string): RecentCall[] {
  return byCompany.get(companyId) ?? [];
}

export function rememberCall(companyId: string, call: RecentCall): void {
  const others = recentCalls(companyId).filter(({ callId }) => callId !== call.callId);
  byCompany.set(companyId, [call, ...others].slice(0, KEPT_MAX));
}
