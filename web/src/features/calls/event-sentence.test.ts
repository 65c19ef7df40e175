import { expect, test } from 'vitest';
import { eventNames, eventSentence } from './event-sentence';
import { dialpadLink } from './voicemail-link';

const sentence = (state: 'CONNECTED' | 'RINGING' | 'UNKNOWN', payload: object) =>
  eventSentence({ state, stateRaw: 'some_state' }, eventNames(JSON.stringify(payload)));

test('connected means a person only when a person took the call', () => {
  const person = { type: 'user', name: 'Grace Example' };
  const queue = { type: 'call_center', name: 'Support' };
  expect(sentence('CONNECTED', { target: person, date_connected: 1 })).toBe(
    'Connected to Grace Example',
  );
  expect(sentence('CONNECTED', { target: queue, date_connected: 1, operator_call_id: null })).toBe(
    'Picked up by the menu or queue of Support',
  );
  expect(sentence('CONNECTED', { target: queue, date_connected: 1, operator_call_id: 7 })).toBe(
    'Connected through Support',
  );
});

test('blank objects, unknown states and text that is not JSON still give a sentence', () => {
  expect(sentence('RINGING', { target: {} })).toBe('Ringing');
  expect(sentence('UNKNOWN', {})).toBe('some_state');
  expect(eventSentence({ state: 'RINGING', stateRaw: 'ringing' }, eventNames('{'))).toBe('Ringing');
});

test('only Dialpad’s own secure pages become links', () => {
  expect(dialpadLink('https://dialpad.com/v/1')).toBe('https://dialpad.com/v/1');
  expect(dialpadLink('https://media.dialpad.com/v/1')).not.toBeNull();
  for (const text of [
    'http://dialpad.com/v/1',
    'https://dialpad.com.example.com/',
    'https://notdialpad.com/',
    'https://dialpad.com@example.com/',
    'https://user@dialpad.com/',
    'https://dialpad.com:444/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blocked',
  ]) {
    expect(dialpadLink(text), text).toBeNull();
  }
});
