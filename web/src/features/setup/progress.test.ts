import { expect, test } from 'vitest';
import { createSubscriptionCommand, createWebhookCommand } from './dialpad-commands';
import { progressOf } from './progress';

const nothing = {
  lastEventAt: null,
  lastRefusedAt: null,
  lastRefusal: null,
  acceptedCount: 0,
  refusedCount: 0,
};
const EARLY = '2026-03-08T14:00:00Z';
const LATE = '2026-03-08T14:05:00Z';

test('nothing yet: waiting', () => {
  expect(progressOf(nothing, false)).toMatchObject({
    received: 'current',
    verified: 'later',
    refusal: null,
  });
});

test('a refused event is received but not verified', () => {
  const refused = {
    ...nothing,
    lastRefusedAt: EARLY,
    lastRefusal: 'BAD_SIGNATURE' as const,
    refusedCount: 1,
  };
  expect(progressOf(refused, false)).toEqual({
    received: 'done',
    verified: 'failed',
    firstCall: 'later',
    receivedAt: EARLY,
    refusal: { reason: 'BAD_SIGNATURE', at: EARLY },
  });
});

test('an accepted event after a refused one clears it, and the other way round', () => {
  const both = { ...nothing, lastRefusal: 'UNSIGNED' as const };
  expect(progressOf({ ...both, lastRefusedAt: EARLY, lastEventAt: LATE }, true).refusal).toBeNull();
  expect(progressOf({ ...both, lastRefusedAt: LATE, lastEventAt: EARLY }, true)).toMatchObject({
    verified: 'failed',
    firstCall: 'done',
    receivedAt: LATE,
  });
});

test('commands are safe to paste whatever the secret holds', () => {
  const command = createWebhookCommand('https://trunkline.example/in/abc', `it's "$HOME" \\`);
  expect(command).toContain(`"secret":"it'\\''s \\"$HOME\\" \\\\"`);
  expect(createSubscriptionCommand()).toContain('"call_states":["all"]');
});
