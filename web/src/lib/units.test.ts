import { expect, test } from 'vitest';
import { byteSize, shortTime } from './units';

test('sizes and short times are rounded to what matters', () => {
  expect(byteSize(0)).toBe('0 B');
  expect(byteSize(999)).toBe('999 B');
  expect(byteSize(1_949)).toBe('1.9 kB');
  expect(byteSize(999_999)).toBe('1.0 MB');
  expect(shortTime(0.2)).toBe('< 1 ms');
  expect(shortTime(12.4)).toBe('12 ms');
  expect(shortTime(999.7)).toBe('1.0 s');
});
