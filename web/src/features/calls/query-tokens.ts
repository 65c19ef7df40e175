// Cuts the text of the search box into its terms. The server decides what a term means; this is
// only for showing the terms one by one and removing one of them.

export interface QueryToken {
  text: string;
  start: number;
  end: number;
}

const CLOSING: Record<string, string> = { '"': '"', '[': ']', '(': ')' };

export function queryTokens(query: string): QueryToken[] {
  const tokens: QueryToken[] = [];
  let start = -1;
  let closing: string | null = null;
  const finish = (end: number) => {
    if (start >= 0) tokens.push({ text: query.slice(start, end), start, end });
    start = -1;
  };
  for (let at = 0; at < query.length; at += 1) {
    const char = query.charAt(at);
    if (closing !== null) {
      if (char === closing) closing = null;
      continue;
    }
    if (/\s/.test(char)) {
      finish(at);
      continue;
    }
    if (start < 0) start = at;
    closing = CLOSING[char] ?? null;
  }
  finish(query.length);
  return tokens;
}

export function removeToken(query: string, token: QueryToken): string {
  const before = query.slice(0, token.start).trimEnd();
  const after = query.slice(token.end).trimStart();
  return [before, after].filter((part) => part !== '').join(' ');
}
