import { expect, test } from 'vitest';
import { groupRuns } from './runs';

let id = 0;
const row = (outcome: 'ACCEPTED' | 'REJECTED', reason: 'SIGNATURE' | 'UNSIGNED' | null) => {
  id += 1;
  return { id: String(id), outcome, reason };
};
const bad = () => row('REJECTED', 'SIGNATURE');
const good = () => row('ACCEPTED', null);

test('three refusals for the same reason in a row are one line', () => {
  const rows = [bad(), bad(), bad(), good(), bad(), bad()];
  const runs = groupRuns(rows);
  expect(runs.map((run) => [run.rows.length, run.reason])).toEqual([
    [3, 'SIGNATURE'],
    [1, null],
    [1, null],
    [1, null],
  ]);
  expect(runs.flatMap((run) => run.rows)).toEqual(rows);
});

test('another reason in between ends the line, and what went well is never grouped', () => {
  const runs = groupRuns([
    bad(),
    bad(),
    row('REJECTED', 'UNSIGNED'),
    bad(),
    good(),
    good(),
    good(),
  ]);
  expect(runs.every((run) => run.rows.length === 1)).toBe(true);
});
