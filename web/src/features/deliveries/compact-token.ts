// A signed token is three texts in base64url, joined by dots. Reading it proves nothing: anyone can
// write one.

export interface CompactToken {
  header: string;
  payload: string;
}

const TOKEN_CHARS_MAX = 1_500_000;

/** `null` for what is not such a token, or not text within. */
export function readToken(raw: string): CompactToken | null {
  const text = raw.trim();
  if (text.length > TOKEN_CHARS_MAX) return null;
  const parts = text.split('.');
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) return null;
  const header = decode(parts[0] ?? '');
  const payload = decode(parts[1] ?? '');
  return header && payload ? { header, payload } : null;
}

function decode(part: string): string | null {
  try {
    const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
