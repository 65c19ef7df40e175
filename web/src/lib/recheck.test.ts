import { expect, test } from 'vitest';
import { makeDelivery } from '~/testing/deliveries';
import { recheckSentence, summarise } from './recheck';

const call = { id: 'Call:7', callId: '7', externalNumber: null, contact: { name: 'Ada Example' } };

test('results are told by call, and refusals by reason, the most frequent first', () => {
  const taken = makeDelivery('1', { call }) as never;
  const result = (outcome: 'ACCEPTED' | 'REJECTED', reason: 'SIGNATURE' | 'UNSIGNED' | null) => ({
    deliveryId: 'x',
    outcome,
    reason,
    delivery: outcome === 'ACCEPTED' ? taken : null,
  });
  expect(
    summarise([
      result('ACCEPTED', null),
      result('ACCEPTED', null),
      result('REJECTED', 'UNSIGNED'),
      result('REJECTED', 'SIGNATURE'),
      result('REJECTED', 'SIGNATURE'),
      { ...result('ACCEPTED', null), delivery: null },
    ]),
  ).toEqual({
    calls: [{ call, events: 2 }],
    others: 1,
    refused: [
      { outcome: 'REJECTED', reason: 'SIGNATURE', count: 2 },
      { outcome: 'REJECTED', reason: 'UNSIGNED', count: 1 },
    ],
  });
});

test('a re-check is said in one sentence', () => {
  const none = { checked: 0, accepted: 0, duplicate: 0, quarantined: 0, rejected: 0 };
  expect(recheckSentence(none)).toBe('There was nothing to examine again.');
  expect(recheckSentence({ ...none, checked: 1, accepted: 1 })).toBe(
    '1 delivery examined: 1 taken in.',
  );
  expect(recheckSentence({ ...none, checked: 12, accepted: 9, rejected: 3 })).toBe(
    '12 deliveries examined: 9 taken in, 3 still refused.',
  );
});
