import { expect, test } from 'vitest';
import { NO_RANGE } from '~/lib/time-range';
import { type View, zoomInto, zoomOut } from './zoom';

const everything: View = { range: NO_RANGE, zoomedFrom: [] };

const into = (view: View, from: string, to: string): View => {
  const next = zoomInto(view, { from, to });
  if (!next) throw new Error('it shows the same already');
  return next;
};

test('every zoom leads back to the range before it', () => {
  const week = into({ range: { range: '7d' }, zoomedFrom: [] }, '2026-03-08', '2026-03-09');
  const hours = into(week, '2026-03-08T14:00Z', '2026-03-08T16:00Z');
  const back = zoomOut(hours);
  expect(back?.range).toEqual({ range: undefined, from: '2026-03-08', to: '2026-03-09' });
  expect(back && zoomOut(back)?.range).toEqual({ range: '7d', from: undefined, to: undefined });
});

test('without a way back everything is shown, and after that there is nothing to do', () => {
  expect(zoomOut({ range: { from: '2026-03-08' }, zoomedFrom: [] })).toEqual(everything);
  expect(zoomOut(everything)).toBeNull();
});

test('to zoom into what is shown already is no step', () => {
  const day = into(everything, '2026-03-08', '2026-03-08');
  expect(zoomInto(day, { from: '2026-03-08', to: '2026-03-08' })).toBeNull();
});

test('the way back has an end', () => {
  let view = everything;
  for (let minute = 10; minute < 50; minute += 1) {
    view = into(view, `2026-03-08T14:${minute}Z`, '2026-03-08T16:00Z');
  }
  expect(view.zoomedFrom).toHaveLength(20);
});
