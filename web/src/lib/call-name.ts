import { type PhoneNumber, phoneText } from './phone';

interface NamedCall {
  callId: string;
  contact: { name: string | null } | null;
  externalNumber: PhoneNumber | null;
}

/** What people call a call: its customer, by name, by number, or else its id. */
export function callName({ callId, contact, externalNumber }: NamedCall): string {
  return contact?.name?.trim() || phoneText(externalNumber) || callId;
}
