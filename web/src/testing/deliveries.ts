// Deliveries for page tests and for pictures of the pages.
export const CALL_EVENT = {
  call_id: 5_210_447_000_000_016,
  state: 'hangup',
  direction: 'inbound',
  event_timestamp: 1_772_978_530_100,
  date_started: 1_772_978_400_000,
  external_number: '+12065550142',
  contact: { type: 'shared', name: 'Ada Example', phone: '+12065550142' },
  target: { type: 'user', name: 'Grace Example', id: 6_110_938_457_202_688 },
  labels: [],
  voicemail_link: null,
};

const base64url = (text: string) =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A compact token whose signature means nothing. */
export function makeToken(payload: object): string {
  const header = JSON.stringify({ alg: 'HS256', typ: 'JWT' });
  return `${base64url(header)}.${base64url(JSON.stringify(payload))}.c2lnbmF0dXJl`;
}

export function makeDelivery(id: string, changes: Record<string, unknown> = {}) {
  return {
    __typename: 'Delivery',
    id: `Delivery:${id}`,
    receivedAt: '2026-03-08T14:02:10.000Z',
    outcome: 'ACCEPTED',
    reason: null,
    explanation: 'It was signed with the current secret and added an event to a call.',
    kind: 'CALL_EVENT',
    effect: 'EVENT_ADDED',
    status: 200,
    key: 'CURRENT',
    previousUrl: false,
    bodyBytes: 1_934,
    latencyMs: 4.2,
    recovered: false,
    state: 'HANGUP',
    stateRaw: 'hangup',
    occurredAt: '2026-03-08T14:02:09.000Z',
    call: null,
    raw: JSON.stringify(CALL_EVENT),
    problems: [],
    ...changes,
  };
}

export function makeRejected(id: string, changes: Record<string, unknown> = {}) {
  return makeDelivery(id, {
    outcome: 'REJECTED',
    reason: 'SIGNATURE',
    explanation:
      'It was refused, because it was signed with another secret. Enter the secret that Dialpad has in the set-up; it is then taken in.',
    kind: 'UNKNOWN',
    effect: 'NOTHING',
    status: 401,
    key: null,
    state: null,
    stateRaw: null,
    occurredAt: null,
    raw: makeToken(CALL_EVENT),
    ...changes,
  });
}

export function makeSummary(changes: Record<string, unknown> = {}) {
  return {
    received: 0,
    accepted: 0,
    duplicate: 0,
    quarantined: 0,
    rejected: 0,
    p50LatencyMs: null,
    p95LatencyMs: null,
    buckets: [],
    ...changes,
  };
}

export function makeRecheck(changes: Record<string, unknown> = {}) {
  return {
    checked: 0,
    accepted: 0,
    duplicate: 0,
    quarantined: 0,
    rejected: 0,
    hasMore: false,
    results: [],
    userErrors: [],
    ...changes,
  };
}
