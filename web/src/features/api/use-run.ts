// Running a query: one at a time, and a newer one takes the place of the one before.
import { useEffect, useRef, useState } from 'react';
import { reportExpired } from '~/lib/session-expired';
import * as words from '~/words/api';
import { type Operation, operationAt, operationsOf } from './operations';
import { type Answer, readVariables, runRequest } from './run-request';
import type { Draft } from './shared-link';

const UNAUTHORIZED = 401;

export type Outcome = { answer: Answer } | { failure: string };

export function useRun() {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [running, setRunning] = useState(false);
  const [asking, setAsking] = useState<{ draft: Draft; operation: Operation } | null>(null);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);

  const send = async (draft: Draft, operation: Operation) => {
    const read = readVariables(draft.variables);
    if ('wrong' in read) return setOutcome({ failure: read.wrong });
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    setRunning(true);
    try {
      const { name: operationName } = operation;
      const request = { query: draft.query, variables: read.variables, operationName };
      const answer = await runRequest(request, controller.signal);
      if (answer.status === UNAUTHORIZED) reportExpired();
      if (!controller.signal.aborted) setOutcome({ answer });
    } catch {
      // Whoever cancelled it wants to hear nothing of it.
      if (!controller.signal.aborted) setOutcome({ failure: words.unreachable });
    } finally {
      if (current.current === controller) setRunning(false);
    }
  };

  return {
    outcome,
    running,
    /** A change that waits to be confirmed. */
    asking,
    dismiss: () => setAsking(null),
    confirm: () => asking && send(asking.draft, asking.operation),
    run: (draft: Draft, cursor: number) => {
      const operation = operationAt(operationsOf(draft.query), cursor);
      if (!operation) setOutcome({ failure: words.noQuery });
      // A link may come from anybody, and a change is made in the reader's name.
      else if (operation.kind === 'mutation') setAsking({ draft, operation });
      else void send(draft, operation);
    },
    cancel: () => {
      current.current?.abort();
      setRunning(false);
    },
  };
}
