// What the command palette offers on every page. Keywords are other words people look for it by.

/** In the order of the list. */
export const GROUPS = {
  page: 'This page',
  go: 'Go to',
  filter: 'Filter by',
  company: 'Company',
  look: 'Look and keys',
  account: 'Account',
};

export const TIMES_IN = {
  company: 'Times in the company’s time zone',
  browser: 'Times in the browser’s time zone',
  utc: 'Times in UTC',
};
export const companyIdCopied = 'Copied the company’s id';

export const calls = 'Calls';
export const callsKeywords = 'list history';
export const deliveries = 'Deliveries';
export const deliveriesKeywords = 'events webhook log refused';
export const setUp = 'Set-up';
export const setupKeywords = 'setup request url secret dialpad settings';
export const api = 'API';
export const apiKeywords = 'graphql explorer schema';
export const settings = 'Settings';
export const settingsKeywords = 'security password sessions e-mail';
export const switchKeywords = 'accessibility';

// use-shell-commands
export const lightColours = 'Light colours';
export const darkColours = 'Dark colours';
export const coloursAsSystem = 'Colours as the system';
export const singleKeysOff = 'Single-key shortcuts are off';
export const singleKeysOn = 'Single-key shortcuts are on';
export const switchTo = (name: string) => `Switch to ${name}`;
export const copyCompanyId = 'Copy the company’s id for the API';
export const colourKeywords = 'theme mode scheme';
export const zoneKeywords = 'time zone clock';
export const keyboardShortcuts = 'Keyboard shortcuts';
export const sheetKeywords = 'help keys sheet';
export const switchSingleKeysOff = 'Switch single-key shortcuts off';
export const switchSingleKeysOn = 'Switch single-key shortcuts on';
export const signOut = 'Sign out';
export const leaveKeywords = 'log out leave';
