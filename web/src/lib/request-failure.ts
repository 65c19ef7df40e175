import type { CombinedError } from '@urql/core';
import { requestId } from './graphql-error';

/** A failed action in one sentence: the server's own message if it has one. */
export function failureText(error: CombinedError): string {
  const message = error.graphQLErrors[0]?.message;
  const id = requestId(error);
  const text = message ?? 'The server cannot be reached. Check the connection and try again.';
  return id ? `${text} (request ${id})` : text;
}
