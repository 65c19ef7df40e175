// Volumes and counts of calls for page tests.
const HOUR_MS = 3_600_000;

/** Hours from 10:00 in New York on 9 March 2026, with as many answered and missed calls. */
export function makeHistogram(hours: [answered: number, missed: number][], unitMs = HOUR_MS) {
  const start = Date.parse('2026-03-09T14:00:00.000Z');
  const at = (index: number) => new Date(start + index * unitMs).toISOString();
  const total = hours.reduce((sum, [answered, missed]) => sum + answered + missed, 0);
  return {
    timeZone: 'America/New_York',
    unit: 'HOUR',
    total: { value: total, exact: true },
    buckets: hours.map(([answered, missed], index) => ({
      startsAt: at(index),
      endsAt: at(index + 1),
      total: answered + missed,
      answered,
      missed,
      abandoned: 0,
      voicemail: 0,
      blocked: 0,
      cancelled: 0,
      ongoing: 0,
    })),
  };
}

export const count = (value: number, exact = true) => ({ value, exact });

export function makeFacets(changes: Record<string, unknown> = {}) {
  return {
    direction: [],
    outcome: [],
    state: [],
    person: [],
    group: [],
    recorded: [],
    voicemail: [],
    ...changes,
  };
}
