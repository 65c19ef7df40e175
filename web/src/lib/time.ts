// Every time on a page is shown in the company's zone, with the zone's name. Formatters are costly
// to build and are kept.
import { TZDate } from '@date-fns/tz';
import { AMERICAN_ZONES_LANGUAGE, DATE_LANGUAGE, LANGUAGE } from '~/words/language';
import * as words from '~/words/time';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
  locale = DATE_LANGUAGE,
): Intl.DateTimeFormat {
  const key = `${locale}|${timeZone}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    formatters.set(key, found);
  }
  return found;
}

export function clockTime(iso: string, timeZone: string): string {
  return formatter(timeZone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

export function zoneName(iso: string, timeZone: string): string {
  const american = timeZone.startsWith('America/') || timeZone.startsWith('Pacific/');
  const locale = american ? AMERICAN_ZONES_LANGUAGE : DATE_LANGUAGE;
  const parts = formatter(timeZone, { timeZoneName: 'short' }, locale).formatToParts(new Date(iso));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}

/** The calendar day in the zone, as `2026-11-22`: sortable, and the key of a day divider. */
export function dayKey(iso: string, timeZone: string): string {
  const parts = formatter(timeZone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

export function dayLabel(iso: string, timeZone: string, now: Date): string {
  const key = dayKey(iso, timeZone);
  const date = dayDate(iso, timeZone);
  if (key === dayKey(now.toISOString(), timeZone)) return words.today(date);
  if (key === shiftDay(dayKey(now.toISOString(), timeZone), -1)) return words.yesterday(date);
  return date;
}

export function shortDate(iso: string, timeZone: string): string {
  return formatter(timeZone, { day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(iso),
  );
}

/** For the axis of a chart, where the year would be noise: `8 Mar`. */
export function dayAndMonth(iso: string, timeZone: string): string {
  return formatter(timeZone, { day: 'numeric', month: 'short' }).format(new Date(iso));
}

export function monthAndYear(iso: string, timeZone: string): string {
  return formatter(timeZone, { month: 'short', year: 'numeric' }).format(new Date(iso));
}

/** With the day of the week: `Sun, 8 Mar 2026`. */
export function dayDate(iso: string, timeZone: string): string {
  return formatter(timeZone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(iso));
}

export function dateAndTime(iso: string, timeZone: string): string {
  return `${dayDate(iso, timeZone)}, ${clockTime(iso, timeZone)} ${zoneName(iso, timeZone)}`;
}

/** For tooltips: the instant to the millisecond, in the company's zone and in UTC. */
export function exactTime(iso: string, timeZone: string): string {
  const date = new Date(iso);
  const ms = String(date.getUTCMilliseconds()).padStart(3, '0');
  const zone = zoneName(iso, timeZone);
  const local = `${dayKey(iso, timeZone)} ${clockTime(iso, timeZone)}.${ms} ${zone}`;
  return `${local} (${timeZone})\n${date.toISOString()}`;
}

export function relativeAge(iso: string, now: Date): string {
  const seconds = Math.round((now.getTime() - new Date(iso).getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 45) return words.justNow;
  if (size < 3_600) return format.format(-Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(-Math.round(seconds / 3_600), 'hour');
  return format.format(-Math.round(seconds / 86_400), 'day');
}

function dayParts(day: string): [number, number, number] {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return [year, month, date];
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, date] = dayParts(text);
  const parsed = new Date(Date.UTC(year, month - 1, date));
  return parsed.getUTCMonth() === month - 1 && parsed.getUTCDate() === date && year >= 1970;
}

export function shiftDay(day: string, days: number): string {
  const [year, month, date] = dayParts(day);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

/** The instant at which a calendar day begins in the zone; days of 23 and 25 hours come out right. */
export function startOfDay(day: string, timeZone: string): string {
  const [year, month, date] = dayParts(day);
  return new Date(new TZDate(year, month - 1, date, timeZone).getTime()).toISOString();
}

/** A length of time in words short enough for a column: `4s`, `2m 05s`, `1h 02m`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3_600)}h ${two(Math.floor((seconds % 3_600) / 60))}m`;
}

/** Time since the call began, as in a transcript: `+0:09`, `+1:02:33`; negative if before it. */
export function elapsed(ms: number): string {
  const sign = ms < 0 ? '−' : '+';
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes}:${two(seconds % 60)}`;
  return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
