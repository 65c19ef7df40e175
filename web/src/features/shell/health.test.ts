import { expect, test } from 'vitest';
import { bannerOf, healthSince } from './health';

const now = new Date('2026-03-08T15:00:00Z');
const facts = (lastEventAt: string | null, lastRefusedAt: string | null) => ({
  lastEventAt,
  lastRefusedAt,
  lastRefusal: 'BAD_SIGNATURE' as const,
  recheckableCount: 6,
});
const EARLY = '2026-03-08T14:40:00Z';
const LATE = '2026-03-08T14:50:00Z';

test('nothing yet is waiting, and accepted events alone are nothing to say', () => {
  expect(bannerOf(facts(null, null), null, now)).toBe('waiting');
  expect(bannerOf(facts(LATE, null), { received: 100, rejected: 0 }, now)).toBeNull();
});

test('when the newest was refused, that is said with the reason', () => {
  const text = 'Dialpad’s events are being refused: the signature does not match.';
  expect(bannerOf(facts(null, LATE), null, now)).toMatchObject({ text });
  expect(bannerOf(facts(EARLY, LATE), null, now)).toMatchObject({ text });
});

test('some refusals among many accepted ones are said while they go on', () => {
  const some = { received: 50, rejected: 6 };
  expect(bannerOf(facts(LATE, EARLY), some, now)).toMatchObject({
    text: '12 % of the events of the last 24 hours were refused: the signature does not match.',
  });
  expect(bannerOf(facts(LATE, EARLY), { received: 100, rejected: 5 }, now)).toBeNull();
  expect(bannerOf(facts(LATE, '2026-03-08T12:00:00Z'), some, now)).toBeNull();
});

test('when everything that was refused was taken in, nothing is said', () => {
  const some = { received: 50, rejected: 6 };
  expect(bannerOf({ ...facts(LATE, EARLY), recheckableCount: 0 }, some, now)).toBeNull();
});

test('the day of the numbers begins at an hour', () => {
  expect(healthSince(new Date('2026-03-08T15:59:59Z'))).toBe('2026-03-07T15:00:00.000Z');
});
