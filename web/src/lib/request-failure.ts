import type { CombinedError } from '@urql/core';
import * as words from '~/words/lib';
import { requestId } from './graphql-error';

/** A failed action in one sentence: the server's own message if it has one. */
export function failureText(error: CombinedError): string {
  const message = error.graphQLErrors[0]?.message;
  const id = requestId(error);
  const text = message ?? words.unreachable;
  return id ? words.failedRequest(text, id) : text;
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
