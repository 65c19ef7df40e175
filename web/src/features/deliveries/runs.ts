// The same refusal many times in a row is one line: what there is to learn is there once.
import type { DeliveryOutcome, DeliveryReason } from '~/gql/documents';

interface Row {
  id: string;
  outcome: DeliveryOutcome;
  reason: DeliveryReason | null;
}

export interface Run<T extends Row> {
  rows: T[];
  /** Set when the rows are shown as one line. */
  reason: DeliveryReason | null;
}

const RUN_ROWS_MIN = 3;

export function groupRuns<T extends Row>(rows: T[]): Run<T>[] {
  const runs: Run<T>[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    const before = last?.rows[0];
    const same =
      row.reason !== null && before?.outcome === row.outcome && before.reason === row.reason;
    if (last && same) last.rows.push(row);
    else runs.push({ rows: [row], reason: row.reason });
  }
  return runs.flatMap((run) =>
    run.rows.length >= RUN_ROWS_MIN
      ? [run]
      : run.rows.map((row) => ({ rows: [row], reason: null })),
  );
}
