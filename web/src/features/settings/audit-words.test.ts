import { expect, test } from 'vitest';
import { auditSentence } from './audit-words';

test('changes are told as sentences, with roles in words', () => {
  expect(
    auditSentence({ action: 'MEMBER_INVITED', subject: 'ada@example.com', detail: 'viewer' }),
  ).toBe('invited ada@example.com as Viewer');
  expect(auditSentence({ action: 'MEMBER_LEFT', subject: 'ada@example.com', detail: null })).toBe(
    'left the company',
  );
});

test('a change that is not known here is told by its code', () => {
  expect(auditSentence({ action: 'MOON_PAINTED', subject: 'moon', detail: '' })).toBe(
    'MOON_PAINTED moon',
  );
});
