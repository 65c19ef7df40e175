const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that goes with others for commands, as it is printed on this person's keyboard. */
export const MOD_KEY = APPLE ? '⌘' : 'Ctrl';
