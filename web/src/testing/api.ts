// An API for page tests: executes what the pages send against the real schema, so that a fixture
// the server could never answer with fails the test.
import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import { vi } from 'vitest';
import { makeSummary } from './deliveries';
import { makeFacets, makeHistogram } from './histogram';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

export interface Sent {
  query: string;
  variables: Record<string, unknown>;
}

export function serveApi(root: Record<string, unknown>) {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string | URL, init: RequestInit) => {
    if (!String(url).endsWith('/graphql')) throw new Error(`unexpected request to ${url}`);
    const request = JSON.parse(String(init.body)) as Sent;
    sent.push(request);
    const result = await graphql({
      schema,
      source: request.query,
      variableValues: request.variables,
      rootValue: root,
    });
    return new Response(JSON.stringify(result), {
      headers: { 'content-type': 'application/json' },
    });
  });
  return sent;
}

export function apiError(message: string, extensions: Record<string, unknown>) {
  return new GraphQLError(message, { extensions });
}

export function phone(national: string, e164: string) {
  return { raw: e164, e164, national, country: 'US' };
}

export function makeCall(callId: string, changes: Record<string, unknown> = {}) {
  return {
    __typename: 'Call',
    id: `Call:${callId}`,
    callId,
    direction: 'INBOUND',
    state: 'HANGUP',
    stateRaw: 'hangup',
    outcome: 'ANSWERED',
    externalNumber: phone('(206) 555-0142', '+12065550142'),
    internalNumber: phone('(206) 555-0101', '+12065550101'),
    contact: { type: 'shared', name: `Customer ${callId}` },
    target: { type: 'user', name: 'Grace Example' },
    dateStarted: '2026-03-08T14:00:00.000Z',
    dateConnected: '2026-03-08T14:00:09.000Z',
    dateEnded: '2026-03-08T14:02:09.000Z',
    durationMs: 120_000,
    totalDurationMs: 129_000,
    talkTimeMs: 120_000,
    labels: [],
    updatedAt: '2026-03-08T14:02:10.000Z',
    events: { nodes: [], edges: [], pageInfo: pageInfo(), totalCount: { value: 0, exact: true } },
    ...changes,
  };
}

function pageInfo() {
  return { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
}

export function connection(nodes: { id: string }[]) {
  return {
    nodes,
    edges: [],
    pageInfo: pageInfo(),
    totalCount: { value: nodes.length, exact: true },
  };
}

/** A call that came in at a queue, which rang two people, of whom the second answered. */
export function makeConversation(id: string, changes: Record<string, unknown> = {}) {
  const leg = (callId: string, depth: number, leg: Record<string, unknown>) =>
    makeCall(callId, { depth, ...leg });
  const legs = [
    leg(`${id}1`, 0, { target: { type: 'call_center', name: 'Orders' } }),
    leg(`${id}2`, 1, { target: { type: 'user', name: 'Boris Sample' }, outcome: 'MISSED' }),
    leg(`${id}3`, 1, { target: { type: 'user', name: 'Grace Example' } }),
  ];
  return {
    __typename: 'Conversation',
    id: `Conversation:${id}`,
    conversationId: `${id}1`,
    dateStarted: '2026-03-08T14:00:00.000Z',
    dateEnded: '2026-03-08T14:02:09.000Z',
    direction: 'INBOUND',
    outcome: 'ANSWERED',
    legCount: legs.length,
    contact: { type: 'shared', name: `Customer ${id}` },
    externalNumber: phone('(206) 555-0142', '+12065550142'),
    legs: ({ first }: { first: number }) => legs.slice(0, first),
    ...changes,
  };
}

export function makeEndpoint(changes: Record<string, unknown> = {}) {
  return {
    __typename: 'Endpoint',
    id: 'Endpoint:1',
    requestUrl: 'https://trunkline.example/in/abc',
    secret: 'a-secret-of-some-length',
    createdAt: '2026-03-08T10:00:00.000Z',
    lastEventAt: '2026-03-08T14:02:10.000Z',
    lastRefusedAt: null,
    lastRefusal: null,
    acceptedCount: 3,
    refusedCount: 0,
    duplicateCount: 0,
    quarantinedCount: 0,
    recoveredCount: 0,
    recheckableCount: 0,
    previousSecretUntil: null,
    previousSecretLastUsedAt: null,
    previousUrl: null,
    previousUrlUntil: null,
    previousUrlLastUsedAt: null,
    ...changes,
  };
}

/** A signed-in owner of one company, whose fields the test provides. */
export function companyRoot(fields: Record<string, unknown>) {
  const company = {
    __typename: 'Company',
    id: 'Company:1',
    slug: 'acme',
    name: 'Acme Example',
    timeZone: 'America/New_York',
    viewerRole: 'OWNER',
    viewerMay: [
      'READ_CALLS',
      'READ_ENDPOINT',
      'READ_DELIVERIES',
      'READ_PEOPLE',
      'MANAGE_PEOPLE',
      'TRANSFER_OWNERSHIP',
      'MANAGE_API_KEYS',
      'READ_AUDIT',
      'SHARE_VIEWS',
    ],
    deletedFrom: null,
    viewerGroupScope: null,
    endpoint: makeEndpoint(),
    savedViews: [],
    singleSignOn: {
      issuer: null,
      clientId: null,
      domains: [],
      defaultRole: null,
      groupScope: null,
      callbackUrl: 'https://calls.example.com/auth/sso/callback/1',
    },
    calls: connection([]),
    callHistogram: makeHistogram([]),
    callFacets: makeFacets(),
    deliveries: connection([]),
    deliverySummary: makeSummary(),
    ...fields,
  };
  return {
    viewer: {
      user: { id: 'User:1', email: 'owner@example.com' },
      companies: [company],
      barredCompanies: [],
      isBySingleSignOn: false,
    },
    company: ({ id }: { id: string }) => (id === company.id ? company : null),
  };
}
