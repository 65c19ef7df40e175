// The one WebSocket of this tab, over which the server tells that something changed. It is told as a
// notice, not as data: whoever shows something reads it again, so that a list, its count and its pages
// always belong together, and a row that no longer matches goes away. Of the changes it says only the ids.
import { stringifyDocument } from '@urql/core';
import type { Client } from 'graphql-ws';
import { CallChangedDocument, DeliveryReceivedDocument } from '~/gql/documents';
import { onSessionEnd } from './session-end';

/** What can change. */
export interface Topic {
  of: 'calls' | 'deliveries';
  company: string;
  /** Only calls that this finds. */
  query?: string;
}

/**
 * `connecting`: for the first time. `delayed`: changes may be told late. `sampled`: there is more than
 * is told. `away`: nothing is told.
 */
export type LinkState = 'connecting' | 'on' | 'delayed' | 'sampled' | 'away';

/** With the id of what changed, if that was told. */
type Listener = (id?: string) => void;

interface Channel {
  topic: Topic;
  listeners: Set<Listener>;
  /** The server does not tell this. */
  refused: boolean;
  stop: () => void;
}

/** The server asks every 15 seconds whether we are there; without that the connection is dead. */
const SILENCE_MS_MAX = 40_000;
const ACK_MS_MAX = 8_000;
/** From one page to the next the connection stays. */
const UNUSED_MS_MAX = 3_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;
/** A page that nobody looks at is told nothing after this time. */
const HIDDEN_MS_MAX = 600_000;
/** The session has ended, or its rights were cut. */
const FORBIDDEN_CODE = 4_403;

const channels = new Map<string, Channel>();
const watchers = new Set<() => void>();
let state: LinkState = 'connecting';
let client: Promise<Client> | null = null;
let silence: number | undefined;
/** Nobody has looked at the page for long, so nothing is listened to. */
let resting = false;
let hidden: number | undefined;

/** Calls back whenever something of the topic may have changed; answers how to stop that. */
export function listen(topic: Topic, listener: Listener): () => void {
  const key = keyOf(topic);
  const channel = channels.get(key) ?? openChannel(topic);
  channels.set(key, channel);
  channel.listeners.add(listener);
  return () => {
    channel.listeners.delete(listener);
    if (channel.listeners.size > 0) return;
    channel.stop();
    channels.delete(key);
  };
}

export function watchLink(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** How well all of them are told. */
export function linkState(topics: readonly Topic[]): LinkState {
  return topics.some((topic) => channels.get(keyOf(topic))?.refused) ? 'away' : state;
}

function keyOf({ of, company, query = '' }: Topic): string {
  return `${of} ${company} ${query}`;
}

function openChannel(topic: Topic): Channel {
  const channel: Channel = { topic, listeners: new Set(), refused: false, stop: () => {} };
  if (!resting) subscribe(channel);
  return channel;
}

function subscribe(channel: Channel): void {
  const { of, company, query } = channel.topic;
  const document = of === 'calls' ? CallChangedDocument : DeliveryReceivedDocument;
  let stopped = false;
  channel.refused = false;
  channel.stop = () => {
    stopped = true;
  };
  client ??= connect();
  void client.then((connected) => {
    if (stopped) return;
    channel.stop = connected.subscribe(
      { query: stringifyDocument(document), variables: { company, query } },
      {
        next: ({ data }) => tell(channel, idOf(data)),
        error: () => {
          channel.refused = true;
          announce();
          // Reading says why, for instance that the session has ended.
          tell(channel);
        },
        complete: () => {},
      },
    );
  });
}

async function connect(): Promise<Client> {
  const { createClient } = await import('graphql-ws');
  const created = createClient({
    url: () => new URL('/graphql/ws', window.location.href.replace(/^http/, 'ws')).href,
    lazyCloseTimeout: UNUSED_MS_MAX,
    connectionAckWaitTimeout: ACK_MS_MAX,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => nextTry(retries),
    // A connection that could not be made fails without a code.
    shouldRetry: (failure) => (failure as { code?: number }).code !== FORBIDDEN_CODE,
    on: {
      connected: (_socket, payload) => {
        hear(payload);
        // What changed while nobody listened is not told.
        for (const channel of channels.values()) tell(channel);
      },
      ping: (received, payload) => {
        if (received) hear(payload);
      },
      closed: () => {
        window.clearTimeout(silence);
        change('away');
      },
    },
  });
  const hear = (payload: Record<string, unknown> | undefined) => {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => created.terminate(), SILENCE_MS_MAX);
    const before = state;
    change(livenessOf(payload));
    if (state === 'on' && before !== 'on') for (const channel of channels.values()) tell(channel);
  };
  return created;
}

function livenessOf(payload: Record<string, unknown> | undefined): LinkState {
  const told = payload?.liveUpdates;
  return told === 'delayed' || told === 'sampled' ? told : 'on';
}

/** Each try waits longer, and no two tabs the same; without a network there is nothing to try. */
function nextTry(retries: number): Promise<void> {
  const most = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** retries);
  const wait = most * (0.5 + Math.random() / 2);
  return new Promise((resolve) => {
    if (navigator.onLine) window.setTimeout(resolve, wait);
    else window.addEventListener('online', () => resolve(), { once: true });
  });
}

function change(next: LinkState): void {
  if (state === next) return;
  state = next;
  announce();
}

function announce(): void {
  for (const watcher of watchers) watcher();
}

function tell({ listeners }: Channel, id?: string): void {
  for (const listener of listeners) listener(id);
}

/** A notice has one field, whatever it is about. */
function idOf(data: unknown): string | undefined {
  const [changed] = Object.values((data ?? {}) as Record<string, { id?: string } | null>);
  return changed?.id;
}

// A connection can seem to live on for long after its network has gone.
window.addEventListener('offline', () => {
  void client?.then((connected) => connected.terminate());
});

// Whoever comes back reads what was missed as soon as the connection is there again.
document.addEventListener('visibilitychange', () => {
  window.clearTimeout(hidden);
  if (document.visibilityState === 'hidden') {
    hidden = window.setTimeout(() => {
      resting = true;
      for (const channel of channels.values()) channel.stop();
    }, HIDDEN_MS_MAX);
  } else if (resting) {
    resting = false;
    change('connecting');
    for (const channel of channels.values()) subscribe(channel);
  }
});

// The connection was opened by the session: the next one opens another.
onSessionEnd(() => {
  const before = client;
  client = null;
  void before?.then((connected) => connected.dispose());
  window.clearTimeout(silence);
  change('connecting');
  for (const channel of channels.values()) {
    channel.stop();
    if (!resting) subscribe(channel);
  }
});
