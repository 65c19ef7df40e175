import { expect, test } from 'vitest';
import {
  clockTime,
  dayKey,
  dayLabel,
  duration,
  elapsed,
  isDay,
  relativeAge,
  shiftDay,
  startOfDay,
  zoneName,
} from './time';

const NEW_YORK = 'America/New_York';

test('a day begins at midnight in the zone, also when the clocks change', () => {
  expect(startOfDay('2026-03-08', NEW_YORK)).toBe('2026-03-08T05:00:00.000Z');
  expect(startOfDay('2026-03-09', NEW_YORK)).toBe('2026-03-09T04:00:00.000Z');
  expect(startOfDay('2026-11-01', NEW_YORK)).toBe('2026-11-01T04:00:00.000Z');
  expect(startOfDay('2026-11-02', NEW_YORK)).toBe('2026-11-02T05:00:00.000Z');
  expect(startOfDay('2026-06-01', 'Asia/Kolkata')).toBe('2026-05-31T18:30:00.000Z');
});

test('a time is shown in the zone with its name', () => {
  expect(clockTime('2026-11-22T19:03:22Z', NEW_YORK)).toBe('14:03:22');
  expect(zoneName('2026-11-22T19:03:22Z', NEW_YORK)).toBe('EST');
  expect(zoneName('2026-07-22T19:03:22Z', NEW_YORK)).toBe('EDT');
  expect(zoneName('2026-11-22T19:03:22Z', 'Europe/Berlin')).toBe('CET');
  expect(clockTime('2026-11-22T05:00:00Z', NEW_YORK)).toBe('00:00:00');
});

test('the day of a call is the zone’s day, not UTC’s', () => {
  expect(dayKey('2026-11-23T02:00:00Z', NEW_YORK)).toBe('2026-11-22');
  const now = new Date('2026-11-23T03:00:00Z');
  expect(dayLabel('2026-11-23T02:00:00Z', NEW_YORK, now)).toBe('Today · Sun, 22 Nov 2026');
  expect(dayLabel('2026-11-22T02:00:00Z', NEW_YORK, now)).toBe('Yesterday · Sat, 21 Nov 2026');
  expect(dayLabel('2026-11-20T12:00:00Z', NEW_YORK, now)).toBe('Fri, 20 Nov 2026');
});

test('days are checked and moved as calendar days', () => {
  expect(isDay('2026-02-28')).toBe(true);
  expect(isDay('2026-02-30')).toBe(false);
  expect(isDay('26-2-3')).toBe(false);
  expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
});

test('lengths of time are short and lined up', () => {
  expect(duration(0)).toBe('0s');
  expect(duration(59_400)).toBe('59s');
  expect(duration(59_600)).toBe('1m 00s');
  expect(duration(125_000)).toBe('2m 05s');
  expect(duration(3_720_000)).toBe('1h 02m');
  expect(duration(-5)).toBe('0s');
});

test('elapsed time counts from the beginning, and may come before it', () => {
  expect(elapsed(9_400)).toBe('+0:09');
  expect(elapsed(3_753_000)).toBe('+1:02:33');
  expect(elapsed(-1_500)).toBe('−0:01');
});

test('ages are in words', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  expect(relativeAge('2026-11-22T11:59:30Z', now)).toBe('just now');
  expect(relativeAge('2026-11-22T11:13:00Z', now)).toBe('47 minutes ago');
  expect(relativeAge('2026-11-21T12:00:00Z', now)).toBe('yesterday');
});
