// The query string stays flat and readable (`?dir=inbound&range=7d`); the router's own codec would
// write JSON into it. Values are always strings here; each route decides what it accepts.

export type RawSearch = Record<string, string>;

export function parseSearch(search: string): RawSearch {
  const result: RawSearch = {};
  for (const [key, value] of new URLSearchParams(search)) {
    // The first value wins, so that appending to a link cannot override what it shows.
    if (!(key in result) && value !== '') result[key] = value;
  }
  return result;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.append(key, value);
    if (typeof value === 'number') params.append(key, String(value));
  }
  // These are legal in a query and far easier to read than their escapes.
  const text = params
    .toString()
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}
