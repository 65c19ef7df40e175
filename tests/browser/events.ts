// Call events in the shape Dialpad sends them, signed by another implementation than the server's.
import type { APIRequestContext } from '@playwright/test';
import { SignJWT } from 'jose';

export interface CallEvent {
  call_id: number;
  state: string;
  event_timestamp: number;
  [field: string]: unknown;
}

export interface Endpoint {
  requestUrl: string;
  secret: string;
}

let nextCallId = 5_210_447_000_000_000 + Math.floor(Math.random() * 1_000_000_000);

export interface CallOptions {
  name?: string;
  number?: string;
  person?: string;
  direction?: 'inbound' | 'outbound';
  startedAt?: number;
}

/** Who has another name is another person. */
function personId(name: string): number {
  const letters = [...name].map((letter) => letter.codePointAt(0) ?? 0);
  return letters.reduce((id, letter) => (id * 31 + letter) % 1e9, 0) + 6_110_938_000_000_000;
}

function base(options: CallOptions) {
  nextCallId += 16;
  const startedAt = options.startedAt ?? Date.now() - 4 * 60_000;
  const number = options.number ?? '+12065550142';
  const person = options.person ?? 'Grace Example';
  return {
    call_id: nextCallId,
    direction: options.direction ?? 'inbound',
    external_number: number,
    internal_number: '+12065550101',
    contact: {
      id: `shared_contact_pool_Company:4711_uid_${nextCallId}`,
      type: 'shared',
      name: options.name ?? 'Ada Example',
      email: 'ada@example.com',
      phone: number,
    },
    target: {
      id: personId(person),
      type: 'user',
      name: person,
      email: 'grace@example.com',
      phone: '+12065550101',
      office_id: 4_799_205_513_846_784,
    },
    proxy_target: {},
    entry_point_target: {},
    entry_point_call_id: null,
    operator_call_id: null,
    master_call_id: null,
    group_id: null,
    is_transferred: false,
    date_started: startedAt,
    date_queued: null,
    labels: [] as string[],
    integrations: {},
    was_recorded: false,
    recording_details: [],
    voicemail_link: null,
    transcription_text: null,
  };
}

export function answeredCall(options: CallOptions = {}): CallEvent[] {
  const call = base(options);
  const start = call.date_started;
  const rang = start + 640;
  const connected = start + 9_412;
  const ended = start + 151_874;
  return [
    { ...call, state: 'ringing', date_first_rang: rang, event_timestamp: rang + 900 },
    {
      ...call,
      state: 'connected',
      date_first_rang: rang,
      date_rang: rang,
      date_connected: connected,
      event_timestamp: connected + 800,
    },
    {
      ...call,
      state: 'hangup',
      date_first_rang: rang,
      date_rang: rang,
      date_connected: connected,
      date_ended: ended,
      duration: 142_462.029,
      total_duration: 151_874.031,
      talk_time: 120_462.029,
      hold_time: 22_000,
      was_recorded: true,
      event_timestamp: ended + 1_100,
    },
  ];
}

export function missedCall(options: CallOptions = {}): CallEvent[] {
  const call = base(options);
  const start = call.date_started;
  const rang = start + 700;
  const ended = start + 24_300;
  return [
    { ...call, state: 'ringing', date_first_rang: rang, event_timestamp: rang + 900 },
    { ...call, state: 'missed', date_first_rang: rang, date_rang: rang, event_timestamp: ended },
    {
      ...call,
      state: 'hangup',
      date_first_rang: rang,
      date_rang: rang,
      date_ended: ended,
      duration: 0,
      total_duration: 24_300,
      event_timestamp: ended + 700,
    },
  ];
}

export function ringingCall(options: CallOptions = {}): CallEvent[] {
  const call = base({ startedAt: Date.now() - 8_000, ...options });
  return [
    {
      ...call,
      state: 'ringing',
      date_first_rang: call.date_started + 600,
      event_timestamp: call.date_started + 1_500,
    },
  ];
}

export async function sign(event: object, secret: string): Promise<string> {
  return new SignJWT({ ...event })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}

export async function post(
  request: APIRequestContext,
  endpoint: Endpoint,
  events: CallEvent[],
): Promise<number[]> {
  const statuses: number[] = [];
  for (const event of events) {
    const response = await request.post(endpoint.requestUrl, {
      headers: { 'content-type': 'application/jwt' },
      data: await sign(event, endpoint.secret),
    });
    statuses.push(response.status());
  }
  return statuses;
}

const QUEUE = { id: 5_540_000_000_000_001, type: 'call_center', name: 'Orders' };

/** A call that came in at a queue, which rang some who missed it and then one who answered. */
export function queueCall(options: CallOptions, missedBy: string[]): CallEvent[] {
  const entry = answeredCall(options).map((event): CallEvent => ({ ...event, target: QUEUE }));
  const leg = (event: CallEvent): CallEvent => ({
    ...event,
    entry_point_call_id: entry[0]?.call_id,
    entry_point_target: QUEUE,
  });
  const missed = missedBy.flatMap((person) => missedCall({ ...options, person }).map(leg));
  return [...entry, ...missed, ...answeredCall(options).map(leg)];
}
