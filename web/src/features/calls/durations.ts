// How a call's time divides: before it rang, ringing, talking, on hold.

export interface CallTimes {
  outcome: string;
  dateStarted: string | null;
  dateFirstRang?: string | null;
  dateRang?: string | null;
  dateConnected: string | null;
  dateEnded: string | null;
  durationMs: number | null;
  totalDurationMs: number | null;
  talkTimeMs: number | null;
  holdTimeMs?: number | null;
}

export type SegmentKind = 'wait' | 'ring' | 'talk' | 'hold' | 'other';

export interface Durations {
  ringMs: number | null;
  talkMs: number | null;
  holdMs: number | null;
  totalMs: number | null;
  segments: { kind: SegmentKind; ms: number }[];
}

export function durationsOf(call: CallTimes, now: Date): Durations {
  const started = at(call.dateStarted);
  const connected = at(call.dateConnected);
  const running = call.outcome === 'ONGOING' && call.dateEnded === null;
  const ended = running ? now.getTime() : at(call.dateEnded);
  const totalMs = running ? span(started, ended) : (call.totalDurationMs ?? span(started, ended));
  const rang = at(call.dateFirstRang) ?? at(call.dateRang);
  const ringEnd = connected ?? ended;
  const ringMs = rang === null ? null : span(rang, ringEnd);
  const connectedMs = connected === null ? null : span(connected, ended);
  const holdMs = call.holdTimeMs ?? null;
  const talkMs = running
    ? connectedMs
    : (call.talkTimeMs ??
      (call.durationMs !== null && call.durationMs > 0 ? call.durationMs : null));

  const segments: Durations['segments'] = [];
  const add = (kind: SegmentKind, ms: number | null) => {
    if (ms !== null && ms > 0) segments.push({ kind, ms });
  };
  const waitUntil = rang ?? connected ?? ended;
  add('wait', span(started, waitUntil));
  add('ring', ringMs);
  if (connectedMs !== null) {
    // Talk and hold may come rounded or from another clock: together they never exceed the line.
    const hold = Math.min(holdMs ?? 0, connectedMs);
    const talk = Math.min(talkMs ?? connectedMs - hold, connectedMs - hold);
    add('talk', talk);
    add('hold', hold);
    // A menu or queue has the line for the rest.
    add('other', connectedMs - hold - talk < 1_000 ? 0 : connectedMs - hold - talk);
  }
  return { ringMs, talkMs, holdMs, totalMs, segments };
}

/** The one figure of a list row: time connected, or for an unanswered call its whole length. */
export function rowDuration(
  call: CallTimes,
  now: Date,
): { ms: number; kind: 'talk' | 'running' | 'unanswered' } | null {
  const { talkMs, totalMs } = durationsOf(call, now);
  if (call.outcome === 'ONGOING') return totalMs === null ? null : { ms: totalMs, kind: 'running' };
  if (call.dateConnected !== null && (talkMs ?? 0) > 0) return { ms: talkMs ?? 0, kind: 'talk' };
  return totalMs === null ? null : { ms: totalMs, kind: 'unanswered' };
}

function at(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}

function span(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
