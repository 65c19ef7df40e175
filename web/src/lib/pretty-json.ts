const INDENTED_DEPTH_MAX = 32;
/** More than a screenful of screenfuls; what is copied or downloaded is always the whole. */
const SHOWN_CHARS_MAX = 200_000;

/**
 * Indented, without passing numbers through floating point: ids can exceed what it can hold. The
 * text may come from anybody, so neither its depth nor its length may grow what is shown for ever.
 */
export function prettyJson(raw: string): string {
  let depth = 0;
  let inString = false;
  let out = '';
  const line = () => `\n${'  '.repeat(Math.min(depth, INDENTED_DEPTH_MAX))}`;
  for (let at = 0; at < raw.length; at += 1) {
    if (out.length > SHOWN_CHARS_MAX) return `${out}\n…`;
    const char = raw.charAt(at);
    if (inString) {
      out += char;
      if (char === '\\') {
        at += 1;
        out += raw.charAt(at);
      } else if (char === '"') inString = false;
      continue;
    }
    if (/\s/.test(char)) continue;
    if (char === '"') inString = true;
    if (char === '{' || char === '[') {
      const closing = closesAt(raw, at + 1);
      if (closing !== null) {
        out += char + raw.charAt(closing);
        at = closing;
        continue;
      }
      depth += 1;
      out += char + line();
    } else if (char === '}' || char === ']') {
      depth = Math.max(0, depth - 1);
      out += line() + char;
    } else if (char === ',') out += char + line();
    else if (char === ':') out += ': ';
    else out += char;
  }
  return out;
}

/** Where an object or a list that was just opened is closed again, if it is empty. */
function closesAt(raw: string, from: number): number | null {
  let at = from;
  while (/\s/.test(raw.charAt(at))) at += 1;
  return raw.charAt(at) === '}' || raw.charAt(at) === ']' ? at : null;
}

/** Text that is not JSON stays as it is, up to the same length. */
export function readableText(raw: string): string {
  if (/^\s*[[{]/.test(raw) && isJson(raw)) return prettyJson(raw);
  return raw.length > SHOWN_CHARS_MAX ? `${raw.slice(0, SHOWN_CHARS_MAX)}\n…` : raw;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
