// What stands around every page of a company.
import type { RefusalReason } from '~/gql/documents';

// color-scheme-toggle
export const asSystem = 'As the system';
export const light = 'Light';
export const dark = 'Dark';
export const colourScheme = 'Colour scheme';
export const chosen = 'chosen';

// command-palette
export const commandPalette = 'Command palette';
export const commandOrCall = 'Command or call';
export const paletteHint = 'Page, action, name, number or call id';
export const nothingFound = 'Nothing is called so.';
export const found = 'Found';

// company-shell
export const skipToContent = 'Skip to content';
export const menu = 'Menu';
export const sidebar = 'Sidebar';

// mobile-menu
export const closeMenu = 'Close menu';

// offline-bar
export const offline =
  'You are offline. What was loaded stays; it is renewed when the connection is back.';

// sidebar
export const jumpTo = 'Jump to';
export const main = 'Main';
export const calls = 'Calls';
export const deliveries = 'Deliveries';
export const setUp = 'Set-up';
export const api = 'API';
export const settings = 'Settings';
export const keyboardShortcuts = 'Keyboard shortcuts';
export const keyboardShortcutsKey = 'Keyboard shortcuts (?)';
export const switchCompany = (name: string) => `Company: ${name}. Switch`;
export const current = 'current';
export const signOut = 'Sign out';

// time-zone-menu
export const ZONE_WORDS = {
  company: 'Company’s time zone',
  browser: 'This browser’s time zone',
  utc: 'UTC',
};
export const changeTimes = 'Change how times are shown';
export const timesIn = (city: string, zone: string) => `Times in ${city} (${zone})`;
export const nowIn = (zone: string, time: string) => `${zone}, ${time} now`;
export const relativeTimes = 'Relative times in lists';
export const relativeTimesHint = '“5 minutes ago”; the exact time is in the tooltip';

// health-banner
export const setUpBanner = 'Set-up';
export const waiting = 'Waiting for your first event from Dialpad.';
export const finishSetUp = 'Finish set-up';
export const refusedEvents = 'Refused events';
export const seeRefused = 'See what was refused';
export const checkSecret = 'Check the secret';
export const openSetUp = 'Open set-up';

type Why = RefusalReason | 'UNKNOWN';
export const ALL_REFUSED: Record<Why, string> = {
  BAD_SIGNATURE: 'Dialpad’s events are being refused: the signature does not match.',
  UNSIGNED: 'Dialpad’s events are being refused: they are not signed.',
  MALFORMED: 'Dialpad’s events are being refused: they are no signed events.',
  UNKNOWN: 'Dialpad’s events are being refused.',
};
export const SOME_REFUSED: Record<Why, (percent: number) => string> = {
  BAD_SIGNATURE: (percent) =>
    `${percent} % of the events of the last 24 hours were refused: the signature does not match.`,
  UNSIGNED: (percent) =>
    `${percent} % of the events of the last 24 hours were refused: they are not signed.`,
  MALFORMED: (percent) =>
    `${percent} % of the events of the last 24 hours were refused: they are no signed events.`,
  UNKNOWN: (percent) => `${percent} % of the events of the last 24 hours were refused.`,
};

// end-banner
export const endBanner = 'The end of the company';
export const companyEnds = (name: string, day: string) =>
  `${name} will be deleted on ${day}, with everything in it.`;
export const keepIt = 'Keep it';
