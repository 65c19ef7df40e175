// Counts the calls of an export while it arrives, without reading it as text: what is looked for are
// single bytes that are never a part of another character in UTF-8.
import type { ExportFormat } from './run-export';

const QUOTE = 0x22;
const NEWLINE = 0x0a;

export function rowCounter(format: ExportFormat): (chunk: Uint8Array) => number {
  const quotes = format !== 'jsonl';
  let rows = quotes ? -1 : 0;
  let quoted = false;
  return (chunk) => {
    for (const byte of chunk) {
      // A doubled quote closes and opens again, which is the same.
      if (byte === QUOTE && quotes) quoted = !quoted;
      else if (byte === NEWLINE && !quoted) rows += 1;
    }
    return Math.max(0, rows);
  };
}
