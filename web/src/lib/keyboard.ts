const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that goes with others for commands, as it is printed on this person's keyboard. */
export const MOD_KEY = APPLE ? '⌘' : 'Ctrl';

export function holdsModKey(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  // The other one has a meaning of its own in text on each system.
  return APPLE ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}
