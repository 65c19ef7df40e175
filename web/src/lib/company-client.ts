import type { Client } from '@urql/core';
import { createGraphqlClient } from './graphql-client';
import { onSessionEnd } from './session-end';

let current: { companyId: string; client: Client } | null = null;

/** The client of the company being looked at; another company starts with an empty cache. */
export function companyClient(companyId: string): Client {
  if (current?.companyId !== companyId) current = { companyId, client: createGraphqlClient() };
  return current.client;
}

onSessionEnd(() => {
  current = null;
});
