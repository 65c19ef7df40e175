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

interface RefusalWords {
  what: string;
  fix: string;
  /** The filter of the deliveries that shows the others; without one, all that were rejected. */
  why?: string;
}

export const REFUSALS: Record<RefusalReason, RefusalWords> = {
  BAD_SIGNATURE: {
    what: 'The signature does not match.',
    fix: 'The secret in Dialpad is not the one shown here. Copy the Secret from this page into the webhook in Dialpad, or replace it here by the one Dialpad already has; what was refused is then taken in.',
    why: 'signature',
  },
  UNSIGNED: {
    what: 'The event is not signed.',
    fix: 'The webhook in Dialpad has no secret. Copy the Secret from this page into it; Dialpad then signs every event.',
    why: 'unsigned',
  },
  MALFORMED: {
    what: 'The body is not an event.',
    fix: 'Something other than a Dialpad call event was sent to the Request URL. Check that the webhook uses this exact URL and nothing in between changes the body.',
  },
};
