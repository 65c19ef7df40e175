// What an error of the API means. Apart from the client, so that pages without data can use it.
import type { CombinedError } from '@urql/core';

export function errorCode(error: CombinedError | undefined): string | null {
  const code = error?.graphQLErrors[0]?.extensions.code;
  return typeof code === 'string' ? code : null;
}

export function requestId(error: CombinedError | undefined): string | null {
  const id = error?.graphQLErrors[0]?.extensions.requestId;
  if (typeof id === 'string') return id;
  const response: unknown = error?.response;
  return response instanceof Response ? response.headers.get('x-request-id') : null;
}

export function isSignedOut(error: CombinedError | undefined): boolean {
  const response: unknown = error?.response;
  if (response instanceof Response && response.status === 401) return true;
  return errorCode(error) === 'UNAUTHENTICATED';
}

export function isForbidden(error: CombinedError | undefined): boolean {
  return errorCode(error) === 'FORBIDDEN';
}
