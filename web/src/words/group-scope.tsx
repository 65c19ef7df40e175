// Whose calls somebody sees: all, or those of some groups and people.
import type { ReactNode } from 'react';
import { listed, plural } from './language';

export const sees = (whose: ReactNode) => <>sees calls of {whose}</>;
export const youSeeOnly = (names: string[]) => `Only calls of ${listed(names)}`;
export const moreGroups = (count: number) => plural(count, { one: '# more', other: '# more' });

// group-picker
export const groups = 'Sees the calls of';
export const groupsOfNewcomers = 'They see the calls of';
export const everybody = 'everybody';
export const noGroupFound =
  'Nobody of that name was on a call. An id of Dialpad works too: Department:5533 or User:31.';

// scope-dialog
export const changeScope = 'Calls';
export const scopeTitle = 'Whose calls are seen?';
export const scopeOf = (who: ReactNode) => <>What {who} finds in the call history:</>;
export const allCalls = 'All calls of the company';
export const someCalls = 'Only calls of some groups and people';
export const groupsChosen = 'Groups and people';
export const chooseGroups = 'Choose at least one.';
export const someCallsHint =
  'Calls that they were dialled for, took or made. Who sees only some calls sees no deliveries.';
export const saveScope = 'Save';
export const scopeChanged = (who: string) => `${who} sees other calls from now on`;
