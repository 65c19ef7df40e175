// What can be done with a value in the list.

export const nameCopied = 'Copied the name';
export const numberCopied = 'Copied the number';
export const callIdCopied = 'Copied the call id';

// cell-actions
export const copyName = 'Copy name';
export const onlyThis = 'Only this';
export const allButThis = 'All but this';
export const numberTitle = 'Number';
export const allCallsWithThisNumber = 'All calls with this number';
export const allButThisNumber = 'All but this number';
export const copyNumber = 'Copy number';
export const thisCall = 'This call';
export const onlyThisDay = 'Only this day';
export const copyCallId = 'Copy call id';

// row-menu
export const actions = 'Actions';
