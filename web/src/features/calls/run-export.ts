// Fetches an export and puts it together. It is asked for by POST, so that numbers of people stand in
// no address, and read as a stream, so that it can be watched and ended.
import * as v from 'valibot';
import { reportExpired } from '~/lib/session-expired';
import * as words from '~/words/calls-export';
import { rowCounter } from './export-rows';
import type { questionOf } from './search-params';

export const EXPORT_FORMATS = ['csv', 'csv-raw', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportProgress {
  calls: number;
  bytes: number;
  /** How many calls there will be, when the server knows. */
  total: number | null;
}

export interface ExportedFile {
  name: string;
  content: Blob;
  calls: number;
}

export class ExportError extends Error {}

type Question = ReturnType<typeof questionOf> & { format: ExportFormat; timeZone?: string };

/** Pieces of this size leave the memory of the page: browsers keep large ones on disk. */
const PIECE_BYTES_MIN = 8_000_000;
/** More often than that nobody can see it. */
const PROGRESS_EVERY_MS = 100;

const Refusal = v.object({ error: v.object({ message: v.string() }) });

export async function runExport(
  question: Question,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const response = await ask(question, signal);
  const total = numberOf(response.headers.get('trunkline-total-count'));
  const count = rowCounter(question.format);
  const pieces: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  let toldAtMs = 0;
  const progress: ExportProgress = { calls: 0, bytes: 0, total };
  try {
    for await (const chunk of chunksOf(response)) {
      chunks.push(chunk);
      held += chunk.byteLength;
      progress.bytes += chunk.byteLength;
      progress.calls = count(chunk);
      if (held >= PIECE_BYTES_MIN) {
        pieces.push(new Blob(chunks));
        [chunks, held] = [[], 0];
      }
      if (performance.now() - toldAtMs < PROGRESS_EVERY_MS) continue;
      toldAtMs = performance.now();
      onProgress({ ...progress });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ExportError(words.brokeAfter(progress.calls));
  }
  const type = response.headers.get('content-type') ?? '';
  return {
    name: nameOf(response) ?? `calls.${question.format === 'jsonl' ? 'jsonl' : 'csv'}`,
    content: new Blob([...pieces, ...chunks], { type }),
    calls: progress.calls,
  };
}

async function ask(question: Question, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch('/api/export', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'trunkline' },
      body: JSON.stringify(question),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ExportError(words.unreachable);
  }
  if (response.ok) return response;
  if (response.status === 401) reportExpired();
  const refusal = v.safeParse(Refusal, await response.json().catch(() => null));
  const id = response.headers.get('x-request-id');
  const said = refusal.success ? refusal.output.error.message : words.exportNotBegun;
  throw new ExportError(id ? words.failedRequest(said, id) : said);
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return;
    yield next.value;
  }
}

function numberOf(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function nameOf(response: Response): string | null {
  const disposition = response.headers.get('content-disposition') ?? '';
  return /filename="([^"]+)"/.exec(disposition)?.[1] ?? null;
}

/** Hands it to the browser as a download. */
export function save({ name, content }: ExportedFile): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

const KEPT_MS = 60_000;
