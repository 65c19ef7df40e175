// Sends a query as it is written, past the data layer: nothing is added to it, its answer is shown
// as it came, and no cache stands in between.
import * as words from '~/words/api';

export interface ApiRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

export interface Problem {
  message: string;
  code: string | null;
  /** Where in the query; both count from 1. */
  at: { line: number; column: number } | null;
}

export interface Answer {
  status: number;
  body: string;
  bytes: number;
  tookMs: number;
  problems: Problem[];
  /** The server's log has the request under it. */
  requestId: string | null;
  /** What the query counted against the limit; `null` when the server does not say. */
  cost: number | null;
}

export async function runRequest(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  const startedMs = performance.now();
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'x-requested-with': 'trunkline' },
    body: JSON.stringify(request),
    signal,
  });
  const body = await response.text();
  const tookMs = performance.now() - startedMs;
  const bytes = new TextEncoder().encode(body).length;
  return { status: response.status, body, bytes, tookMs, ...readBody(body, response.headers) };
}

function readBody(body: string, headers: Headers) {
  const answer = objectOf(parsed(body));
  const errors = Array.isArray(answer.errors) ? answer.errors.map(objectOf) : [];
  const extensions = objectOf(answer.extensions);
  const first = objectOf(errors[0]?.extensions);
  const cost = objectOf(extensions.cost);
  return {
    problems: errors.map(problemOf),
    requestId: text(first.requestId) ?? headers.get('x-request-id'),
    cost: typeof cost.value === 'number' ? cost.value : null,
  };
}

function problemOf(error: Record<string, unknown>): Problem {
  const place = objectOf(Array.isArray(error.locations) ? error.locations[0] : null);
  const { line, column } = place;
  return {
    message: text(error.message) ?? words.nothingSaid,
    code: text(objectOf(error.extensions).code),
    at: typeof line === 'number' && typeof column === 'number' ? { line, column } : null,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The variables as they are typed; the sentence says what is wrong with them. */
export function readVariables(
  written: string,
): { variables: Record<string, unknown> } | { wrong: string } {
  if (written.trim() === '') return { variables: {} };
  try {
    const found: unknown = JSON.parse(written);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) {
      return { variables: found as Record<string, unknown> };
    }
    return { wrong: words.variablesNoObject };
  } catch (error) {
    return { wrong: words.variablesNotJson(error instanceof Error ? error.message : '') };
  }
}
