// The server's side of live updates for page tests, spoken to by the real client.
import { act } from '@testing-library/react';
import { vi } from 'vitest';

interface Subscribed {
  id: string;
  query: string;
}

class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static all: FakeSocket[] = [];
  readyState = FakeSocket.CONNECTING;
  subscribed: Subscribed[] = [];
  onopen: (() => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(text: string) {
    const message = JSON.parse(text) as { type: string; id: string; payload: { query: string } };
    if (message.type !== 'subscribe') return;
    this.subscribed.push({ id: message.id, query: message.payload.query });
  }

  close(code = 1_005, reason = '') {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ code, reason });
  }

  tell(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

export function serveLive() {
  FakeSocket.all = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  const latest = () => FakeSocket.all.at(-1) as FakeSocket;
  return {
    connections: () => FakeSocket.all.length,
    isOpen: () => latest().readyState === FakeSocket.OPEN,
    subscriptions: () => latest().subscribed.length,
    /** Accepts the newest connection and says how live it is. */
    accept: async (liveUpdates = 'on') => {
      await vi.waitFor(() => {
        if (latest()?.readyState !== FakeSocket.CONNECTING) throw new Error('no new connection');
      });
      await act(async () => {
        latest().readyState = FakeSocket.OPEN;
        latest().onopen?.();
        latest().tell({ type: 'connection_ack', payload: { liveUpdates } });
      });
    },
    ping: (liveUpdates: string) =>
      act(async () => latest().tell({ type: 'ping', payload: { liveUpdates } })),
    /** Something changed, of which every subscription is told. */
    notice: (field = 'callChanged', changed = 'x') =>
      act(async () => {
        for (const { id, query } of latest().subscribed) {
          if (!query.includes(field)) continue;
          latest().tell({ type: 'next', id, payload: { data: { [field]: { id: changed } } } });
        }
      }),
    close: (code: number) => act(async () => latest().close(code, 'because of a test')),
  };
}
