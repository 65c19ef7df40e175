// What became of deliveries that were examined again.
import { number, plural } from './language';

export const deliveryCount = (count: number) =>
  plural(count, { one: '# delivery', other: '# deliveries' });
export const nothingExamined = 'There was nothing to examine again.';
export const takenIn = (count: number) => `${number(count)} taken in`;
export const knownAlready = (count: number) => `${number(count)} known already`;
export const notUnderstood = (count: number) => `${number(count)} still not understood`;
export const stillRefused = (count: number) => `${number(count)} still refused`;
/** "12 deliveries examined: 9 taken in, 3 still refused." */
export const examined = (count: number, parts: string) => {
  const forms = { one: '# delivery examined', other: '# deliveries examined' };
  return `${plural(count, forms)}: ${parts}.`;
};
export const noChange = 'no change';
