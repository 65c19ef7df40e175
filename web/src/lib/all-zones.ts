/** The time zones that can be chosen; the current one may be one that the browser's list leaves out, such as UTC. */
export function allZones(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
}
