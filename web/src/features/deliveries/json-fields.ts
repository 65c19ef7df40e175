// A JSON text as lines to read. Numbers stay the digits that were sent, since ids can exceed what
// floating point holds, and a field that is there twice is shown twice. The text may come from
// anybody, so depth and number of lines are bounded.

export type FieldValue =
  | { kind: 'text'; text: string }
  | { kind: 'number' | 'word'; text: string }
  /** A group of further lines, or an empty one. */
  | { kind: 'group'; empty: boolean };

export interface FieldLine {
  /** Where it stands, unique among the lines. */
  path: string;
  name: string;
  depth: number;
  value: FieldValue;
}

const LINES_MAX = 400;
const DEPTH_MAX = 12;
const JSON_CHARS_MAX = 1_100_000;

export interface Fields {
  lines: FieldLine[];
  /** Not all of it is shown. */
  cut: boolean;
}

/** `null` for what is no JSON object. */
export function jsonFields(raw: string): Fields | null {
  if (raw.length > JSON_CHARS_MAX) return null;
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  } catch {
    return null;
  }
  return new Reader(raw).read();
}

/** Walks a text that is known to be a JSON object. */
class Reader {
  private at = 0;
  private cut = false;
  private readonly lines: FieldLine[] = [];

  constructor(private readonly raw: string) {}

  read(): Fields {
    this.group('', 0);
    return { lines: this.lines, cut: this.cut };
  }

  private group(path: string, depth: number): void {
    const isObject = this.next() === '{';
    this.at += 1;
    for (let index = 0; ; index += 1) {
      if (this.next() === ',') this.at += 1;
      const next = this.next();
      if (next === '}' || next === ']' || next === '') break;
      if (this.lines.length >= LINES_MAX || depth >= DEPTH_MAX) {
        this.cut = true;
        this.skipGroup();
        return;
      }
      const name = isObject ? this.text() : String(index + 1);
      if (isObject && this.next() === ':') this.at += 1;
      this.value(`${path}/${index}`, name, depth);
    }
    this.at += 1;
  }

  private value(path: string, name: string, depth: number): void {
    const first = this.next();
    if (first === '{' || first === '[') {
      const value = { kind: 'group' as const, empty: true };
      this.lines.push({ path, name, depth, value });
      const before = this.lines.length;
      this.group(path, depth + 1);
      value.empty = this.lines.length === before && !this.cut;
      return;
    }
    if (first === '"') {
      this.lines.push({ path, name, depth, value: { kind: 'text', text: this.text() } });
      return;
    }
    const literal = /[^\s,\]}]*/y;
    literal.lastIndex = this.at;
    const text = literal.exec(this.raw)?.[0] ?? '';
    this.at += text.length;
    const kind = /^[-\d]/.test(text) ? 'number' : 'word';
    this.lines.push({ path, name, depth, value: { kind, text } });
  }

  private text(): string {
    this.next();
    const from = this.at;
    this.skipText();
    return String(JSON.parse(this.raw.slice(from, this.at)));
  }

  private skipText(): void {
    this.at += 1;
    while (this.at < this.raw.length && this.raw.charAt(this.at) !== '"') {
      this.at += this.raw.charAt(this.at) === '\\' ? 2 : 1;
    }
    this.at += 1;
  }

  /** To behind the end of the group that is being read. */
  private skipGroup(): void {
    for (let open = 1; open > 0 && this.at < this.raw.length; ) {
      const char = this.raw.charAt(this.at);
      if (char === '"') this.skipText();
      else {
        if (char === '{' || char === '[') open += 1;
        if (char === '}' || char === ']') open -= 1;
        this.at += 1;
      }
    }
  }

  /** The next character that is not space, which is then the current one. */
  private next(): string {
    while (/\s/.test(this.raw.charAt(this.at))) this.at += 1;
    return this.raw.charAt(this.at);
  }
}

const TIME_NAME = /^(date_|.*_timestamp$|.*_at$|created_date$|timestamp$)/;
const YEAR_2000_MS = 946_684_800_000;
const YEAR_2100_MS = 4_102_444_800_000;

/** Dialpad sends times as milliseconds; such a number is also shown as a time. */
export function fieldTime({ name, value }: FieldLine): string | null {
  if (value.kind !== 'number' || !TIME_NAME.test(name)) return null;
  const ms = Number(value.text);
  return ms > YEAR_2000_MS && ms < YEAR_2100_MS ? new Date(ms).toISOString() : null;
}
