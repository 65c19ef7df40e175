// A query whose last answer stays while the next one is on its way and after an error.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { type AnyVariables, useQuery } from 'urql';

interface KeptQuery<Data, Variables, Part> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** What of the answer is kept. */
  pick: (data: Data) => Part | undefined;
  /** Nothing is asked for. */
  pause?: boolean;
}

export function useKeptQuery<Data, Variables extends AnyVariables, Part>({
  query,
  variables,
  pick,
  pause = false,
}: KeptQuery<Data, Variables, Part>) {
  const key = JSON.stringify(variables);
  const [result, execute] = useQuery<Data, AnyVariables>({
    query,
    variables: variables as AnyVariables,
    requestPolicy: 'cache-and-network',
    pause,
  });
  const [loaded, setLoaded] = useState<{ key: string; part: Part } | null>(null);
  const answered = result.operation && JSON.stringify(result.operation.variables) === key;
  const part = answered && !result.error && result.data ? pick(result.data) : undefined;
  if (part && (loaded?.key !== key || loaded.part !== part)) setLoaded({ key, part });
  const error = answered ? result.error : undefined;
  const refresh = () => execute({ requestPolicy: 'network-only' });
  const onOnline = useEffectEvent(() => {
    if (!pause) refresh();
  });
  useEffect(() => {
    // What could not be asked without a connection is asked as soon as there is one.
    const listener = () => onOnline();
    window.addEventListener('online', listener);
    return () => window.removeEventListener('online', listener);
  }, []);
  return {
    kept: loaded?.part ?? null,
    /** What was asked to get it. */
    key: loaded?.key ?? key,
    /** It answers an earlier question. */
    stale: loaded !== null && loaded.key !== key && !error,
    error,
    fetching: result.fetching,
    refresh,
  };
}
