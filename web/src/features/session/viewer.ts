// Who is signed in, and for which companies. Asked once per page load; signing in or out forgets it.
import type { CombinedError } from '@urql/core';
import { ViewerDocument, type ViewerQuery } from '~/gql/documents';
import { createGraphqlClient } from '~/lib/graphql-client';
import { isSignedOut } from '~/lib/graphql-error';
import { onSessionEnd } from '~/lib/session-end';

export type Viewer = ViewerQuery['viewer'];

export class ViewerError extends Error {
  constructor(readonly reason: CombinedError) {
    super(reason.message);
    this.name = 'ViewerError';
  }
}

let pending: Promise<Viewer | null> | null = null;

/** `null` when nobody is signed in. */
export function loadViewer(): Promise<Viewer | null> {
  pending ??= fetchViewer().catch((error: unknown) => {
    // A failure is not an answer: the next page asks again.
    pending = null;
    throw error;
  });
  return pending;
}

async function fetchViewer(): Promise<Viewer | null> {
  const client = createGraphqlClient({ onSignedOut: () => {} });
  const { data, error } = await client.query(ViewerDocument, {}).toPromise();
  if (isSignedOut(error)) {
    pending = null;
    return null;
  }
  if (error) throw new ViewerError(error);
  return data?.viewer ?? null;
}

onSessionEnd(() => {
  pending = null;
});
