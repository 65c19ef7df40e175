// Which query the page shows: a ready one by its name, or what somebody wrote, packed.
import { readyQuery } from './ready-queries';

export interface ApiSearch {
  ready?: string;
  q?: string;
}

const PACKED_CHARS_MAX = 16_000;

export function readApiSearch({ ready, q }: Record<string, unknown>): ApiSearch {
  if (typeof q === 'string' && q.length <= PACKED_CHARS_MAX) return { q };
  return typeof ready === 'string' && readyQuery(ready) ? { ready } : {};
}
