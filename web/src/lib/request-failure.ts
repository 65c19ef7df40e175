import type { CombinedError } from '@urql/core';
import { requestId } from './graphql-error';

/** A failed action in one sentence: the server's own message if it has one. */
export function failureText(error: CombinedError): string {
  const message = error.graphQLErrors[0]?.message;
  const id = requestId(error);
  const text = message ?? 'The server cannot be reached. Check the connection and try again.';
  return id ? `${text} (request ${id})` : text;
}

interface ActionResult {
  userErrors: { message: string }[];
}

/** Why an action did not do what it should, or `null` when it did. */
export function actionFailure(
  error: CombinedError | undefined,
  result: ActionResult | undefined,
): string | null {
  if (error) return failureText(error);
  return result?.userErrors[0]?.message ?? null;
}
