// New data never moves rows under the reader: while the list is held, known calls change in place
// and new ones wait.

interface Row {
  id: string;
}

export interface LiveRows<T extends Row> {
  rows: T[];
  waiting: number;
}

export function mergeLive<T extends Row>(shown: T[], latest: T[], held: boolean): LiveRows<T> {
  if (!held || shown.length === 0) return { rows: latest, waiting: 0 };
  const byId = new Map(latest.map((row) => [row.id, row]));
  const patched = shown.map((row) => byId.get(row.id) ?? row);
  const changed = patched.some((row, index) => row !== shown[index]);
  const known = new Set(shown.map((row) => row.id));
  return {
    // The same array again tells React that nothing happened.
    rows: changed ? patched : shown,
    waiting: latest.filter((row) => !known.has(row.id)).length,
  };
}
