// What the page says about incoming events, decided from what the server has stored and nothing else.
import type { RefusalReason } from '~/gql/documents';

export interface EndpointFacts {
  lastEventAt: string | null;
  lastRefusedAt: string | null;
  lastRefusal: RefusalReason | null;
  acceptedCount: number;
  refusedCount: number;
}

export type StepState = 'done' | 'current' | 'later' | 'failed';

export interface Progress {
  received: StepState;
  verified: StepState;
  firstCall: StepState;
  /** When anything last reached the Request URL, accepted or not. */
  receivedAt: string | null;
  /** Set while the newest event was a refused one. */
  refusal: { reason: RefusalReason; at: string } | null;
}

export function progressOf(endpoint: EndpointFacts, hasCall: boolean): Progress {
  const { lastEventAt, lastRefusedAt, lastRefusal } = endpoint;
  const refusedLast =
    lastRefusedAt !== null &&
    (lastEventAt === null || Date.parse(lastRefusedAt) > Date.parse(lastEventAt));
  const accepted = lastEventAt !== null;
  return {
    received: accepted || refusedLast ? 'done' : 'current',
    verified: refusedLast ? 'failed' : accepted ? 'done' : 'later',
    firstCall: hasCall ? 'done' : accepted ? 'current' : 'later',
    receivedAt: refusedLast ? lastRefusedAt : lastEventAt,
    refusal: refusedLast ? { reason: lastRefusal ?? 'MALFORMED', at: lastRefusedAt } : null,
  };
}

/** The filter of the deliveries that shows the others; without one, all that were rejected. */
export const WHY: Partial<Record<RefusalReason, string>> = {
  BAD_SIGNATURE: 'signature',
  UNSIGNED: 'unsigned',
};
