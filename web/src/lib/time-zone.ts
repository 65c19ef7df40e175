// In which zone times are shown, and how. It is how a person likes to read them, so it is kept by the
// browser and changes nothing of what is found: days of a filter are always those of the company.
import { useSyncExternalStore } from 'react';
import { useCompany } from './company';
import { readStored, store } from './remembered';

export const ZONES = ['company', 'browser', 'utc'] as const;
export type Zone = (typeof ZONES)[number];

const ZONE_KEY = 'trunkline-time-zone';
const RELATIVE_KEY = 'trunkline-relative-times';

const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function remember(key: string, value: string): void {
  store(key, value);
  for (const watcher of watchers) watcher();
}

function chosenZone(): Zone {
  const stored = readStored(ZONE_KEY);
  return ZONES.find((each) => each === stored) ?? 'company';
}

export function chooseZone(zone: Zone): void {
  remember(ZONE_KEY, zone);
}

export function showRelativeTimes(on: boolean): void {
  remember(RELATIVE_KEY, String(on));
}

export function useChosenZone(): Zone {
  return useSyncExternalStore(watch, chosenZone);
}

/** Whether lists say how long ago something was, and when it was only at a closer look. */
export function useRelativeTimes(): boolean {
  return useSyncExternalStore(watch, () => readStored(RELATIVE_KEY) === 'true');
}

/** The zone in which times are shown. */
export function useTimeZone(): string {
  return useZones()[useChosenZone()];
}

export function useZones(): Record<Zone, string> {
  const { timeZone } = useCompany();
  return { company: timeZone, browser: browserZone, utc: 'UTC' };
}

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
