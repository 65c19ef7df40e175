// Calls to a file.
import type { ReactNode } from 'react';
import { number, plural } from './language';

const callCount = (count: number) => plural(count, { one: '# call', other: '# calls' });
export const callsSoFar = callCount;
export const callsOfTotal = (count: number, total: number) =>
  `${number(count)} of ${callCount(total)}`;
export const savedAs = (count: number, file: ReactNode) => (
  <>
    {callCount(count)} saved as {file}
  </>
);
export const brokeAfter = (count: number) =>
  `The connection broke after ${callCount(count)}, so nothing was saved.`;
export const failedRequest = (what: string, requestId: string) => `${what} Request ${requestId}`;

// export-dialog
export const csvForSpreadsheets = 'CSV for spreadsheets';
export const csvHint =
  'Times as the list shows them. Numbers and ids stay as they are when it is opened in Excel.';
export const csvRaw = 'CSV, raw';
export const csvRawHint = 'Exact values, times with their offset. For programs.';
export const jsonLines = 'JSON Lines';
export const jsonLinesHint = 'One call per line, named as in the API.';
export const exportTitle = 'Export calls';
export const format = 'Format';
export const cancelExport = 'Cancel the export';
export const close = 'Close';
export const exportCalls = 'Export';
export const exportAgain = 'Export again';
export const allCalls = 'All calls of the company.';
export const allCallsMatching = 'All calls that match:';
export const rowPerLeg = 'One row per leg, not per conversation.';
export const progressOfExport = 'Progress of the export';

// run-export
export const unreachable = 'The server cannot be reached. Check the connection and try again.';
export const exportNotBegun = 'The export could not be begun.';
