// A query in an address: packed, so that a whole page of GraphQL still makes a link that programs
// for chat and mail do not cut.
import * as words from '~/words/api';

export interface Draft {
  query: string;
  /** JSON, as it stands in the editor. */
  variables: string;
}

/** What a link may unpack to; a tiny link could otherwise fill the memory. */
const DRAFT_CHARS_MAX = 64 * 1_024;

export async function packDraft(draft: Draft): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([draft.query, draft.variables]));
  const packed = await readAll(through(bytes, new CompressionStream('deflate-raw')));
  return btoa(String.fromCharCode(...packed))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** `null` for whatever this page did not write. */
export async function unpackDraft(text: string): Promise<Draft | null> {
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
    const stream = through(bytes, new DecompressionStream('deflate-raw'));
    const found: unknown = JSON.parse(new TextDecoder().decode(await readAll(stream)));
    if (!Array.isArray(found)) return null;
    const [query, variables] = found as unknown[];
    if (typeof query !== 'string' || typeof variables !== 'string') return null;
    return { query, variables };
  } catch {
    return null;
  }
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  change: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array> {
  const source = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return source.pipeThrough(change);
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: number[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Uint8Array.from(parts);
    if (parts.length + value.length > DRAFT_CHARS_MAX) {
      await reader.cancel();
      throw new Error(words.linkTooLarge);
    }
    parts.push(...value);
  }
}
