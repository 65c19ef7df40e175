import { expect, test } from 'vitest';
import { groupOptions, typedGroup } from './group-options';

const party = (type: string, id: string | null, name: string | null) => ({
  party: { type, id, name, email: null },
});

test('who was on calls is offered once, by name', () => {
  const facets = {
    group: [
      { groupId: 'CallCenter:5533', name: 'Support' },
      { groupId: 'Office:1', name: null },
    ],
    person: [
      party('user', '31', 'Ada'),
      party('call_center', '5533', 'Support desk'),
      party('user', '32', 'Ada'),
      party('user', null, 'Nobody'),
    ],
  };
  const known = [
    { value: 'Office:1', label: 'Head office' },
    { value: 'User:31', label: 'User:31' },
  ];
  expect(groupOptions(facets as never, known)).toEqual([
    { value: 'User:31', label: 'Ada (User:31)' },
    { value: 'User:32', label: 'Ada (User:32)' },
    { value: 'Office:1', label: 'Head office' },
    { value: 'CallCenter:5533', label: 'Support' },
  ]);
  expect(groupOptions(undefined, [])).toEqual([]);
});

test('a group that was never on a call is chosen by its id', () => {
  expect(typedGroup(' call_center:5533 ')).toBe('CallCenter:5533');
  expect(typedGroup('User:31')).toBe('User:31');
  for (const wrong of ['', 'User', 'User:', ':31', 'User:3 1', '5533']) {
    expect(typedGroup(wrong)).toBeNull();
  }
});
