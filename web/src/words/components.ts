// What stands in more than one page.

// confirm-dialog
export const cancel = 'Cancel';

// copy-button, link-button
export const copied = 'Copied';
export const copyNotAllowed = 'Copying is not allowed here';
export const copy = 'Copy';
export const copyLink = 'Copy link';

// dialog
export const close = 'Close';

// pager
export const pages = 'Pages';
export const newer = 'Newer';
export const older = 'Older';
