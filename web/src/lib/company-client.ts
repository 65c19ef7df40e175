import type { Client } from '@urql/core';
import { createGraphqlClient } from './graphql-client';
import { onSessionEnd } from './session-end';

interface Clients {
  companyId: string;
  client: Client;
  forgetful?: Client;
}

let current: Clients | null = null;

/** The client of the company being looked at; another company starts with an empty cache. */
export function companyClient(companyId: string): Client {
  return clientsOf(companyId).client;
}

/** The same without a cache: of answers to questions that are never asked again it would keep every one. */
export function forgetfulClient(companyId: string): Client {
  const clients = clientsOf(companyId);
  clients.forgetful ??= createGraphqlClient({ forgetful: true });
  return clients.forgetful;
}

function clientsOf(companyId: string): Clients {
  if (current?.companyId !== companyId) current = { companyId, client: createGraphqlClient() };
  return current;
}

onSessionEnd(() => {
  current = null;
});
