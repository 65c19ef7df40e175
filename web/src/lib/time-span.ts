// A stretch of time in words, as short as it can be without becoming ambiguous:
// `8 Mar 2026, 10:00 – 14:00 EDT`, or only days when it is made of whole ones.
import { clockTime, dateAndTime, dayDate, dayKey, shortDate, startOfDay, zoneName } from './time';

/** Hours and minutes; the end of a day is 24:00, which the day's name then need not explain. */
function minuteTime(iso: string, timeZone: string, isEnd = false): string {
  const time = clockTime(iso, timeZone).slice(0, 5);
  return isEnd && isMidnight(iso, timeZone) ? '24:00' : time;
}

export function isMidnight(iso: string, timeZone: string): boolean {
  return Date.parse(startOfDay(dayKey(iso, timeZone), timeZone)) === Date.parse(iso);
}

/** The last moment of a stretch belongs to its last day; its end may be the next midnight. */
export function lastMoment(endsAt: string): string {
  return new Date(Date.parse(endsAt) - 1).toISOString();
}

export function momentLabel(iso: string, timeZone: string): string {
  const zone = zoneName(iso, timeZone);
  return `${shortDate(iso, timeZone)}, ${minuteTime(iso, timeZone)} ${zone}`;
}

export function spanLabel(startsAt: string, endsAt: string, timeZone: string): string {
  const last = lastMoment(endsAt);
  const [firstDay, lastDay] = [startsAt, last].map((iso) => shortDate(iso, timeZone));
  if (isMidnight(startsAt, timeZone) && isMidnight(endsAt, timeZone)) {
    return firstDay === lastDay ? `${firstDay}` : `${firstDay} – ${lastDay}`;
  }
  const [startZone, endZone] = [startsAt, endsAt].map((iso) => zoneName(iso, timeZone));
  const start = minuteTime(startsAt, timeZone) + (startZone === endZone ? '' : ` ${startZone}`);
  const end = `${minuteTime(endsAt, timeZone, true)} ${endZone}`;
  return firstDay === lastDay
    ? `${firstDay}, ${start} – ${end}`
    : `${firstDay}, ${start} – ${lastDay}, ${end}`;
}

/**
 * From the first row of a list to its last, in the list's own order, to the second. What both ends have
 * in common is said once.
 */
export function rowsLabel(first: string, last: string, timeZone: string): string {
  const [from, to] = [first, last].map((iso) => ({
    day: dayDate(iso, timeZone),
    time: clockTime(iso, timeZone),
    zone: zoneName(iso, timeZone),
  })) as [Moment, Moment];
  const sameDay = from.day === to.day;
  if (sameDay && from.time === to.time && from.zone === to.zone) return dateAndTime(last, timeZone);
  const start = from.zone === to.zone ? from.time : `${from.time} ${from.zone}`;
  const end = sameDay ? to.time : `${to.day}, ${to.time}`;
  return `${from.day}, ${start} – ${end} ${to.zone}`;
}

interface Moment {
  day: string;
  time: string;
  zone: string;
}
