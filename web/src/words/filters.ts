// Choosing what a list shows.
import { number } from './language';

export const filters = 'Filters';
export const clearAll = 'Clear all';
export const chosenCount = (count: number) => `${number(count)} chosen`;
export const remove = (label: string) => `Remove ${label}`;
export const any = 'Any';

// list-states: what removed every row
export const oneFilter = 'This is what was asked for:';
export const allMustHold = 'All of these must hold. Remove one:';
/** `gain` is how many rows there would be without it. */
export const removeGaining = (label: string, gain: string) => `Remove ${label} ${gain}`;

// range-filter
export const date = 'Date';
export const daysBeginAt = (timeZone: string) => `Days begin at midnight in ${timeZone}.`;
export const from = 'From';
export const to = 'To';
