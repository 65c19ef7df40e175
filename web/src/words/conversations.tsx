// The list of conversations, and the legs of one.
import type { ReactNode } from 'react';
import { plural } from './language';

export const conversationsCaption = (timeZone: string) =>
  `Conversations, newest first, times in ${timeZone}`;
export const legWord = (count: number) => plural(count, { one: 'leg', other: 'legs' });
export const nameAndLegs = (name: string, count: number) =>
  `${name}, ${plural(count, { one: '# leg', other: '# legs' })}`;
export const withoutNumber = 'Somebody without a number';
export const wasCalled = (customer: ReactNode) => <>{customer} was called</>;
export const called = (customer: ReactNode) => <>{customer} called</>;
export const talkedFor = (time: string) => `talked ${time}`;
export const rangFor = (time: string) => `rang ${time}`;
export const through = (group: string) => `through ${group}`;
export const peopleRang = (count: number) =>
  plural(count, { one: '# person rang', other: '# people rang' });

// conversation-legs
export const loading = 'Loading';
export const somebody = 'Somebody';

// conversation-list-row
export const noNumber = 'No number';
export const unknown = 'unknown';

// conversation-list
export const time = 'Time';
export const direction = 'Direction';
export const customer = 'Customer';
export const withWhom = 'With';
export const outcome = 'Outcome';
export const length = 'Length';
export const legsTitle = 'Legs';
