import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { count, makeFacets, makeHistogram } from '~/testing/histogram';
import { openPage } from '~/testing/open-page';

const HOURS: [number, number][] = [
  [5, 1],
  [0, 0],
  [8, 2],
  [1, 0],
];
const calls = connection([makeCall('1')]);
const chart = () => screen.findByRole('slider', { name: 'Calls over time' });

afterEach(() => localStorage.clear());

function serveVolume(changes: Record<string, unknown> = {}) {
  return serveApi(companyRoot({ calls, callHistogram: makeHistogram(HOURS), ...changes }));
}

test('the volume is asked for with the question of the list', async () => {
  const sent = serveVolume();
  openPage('/c/acme/calls?q=ada&dir=inbound&sort=oldest');
  await chart();
  const variables = sent.find(({ query }) => query.includes('CallHistogram('))?.variables;
  expect(variables).toEqual({
    company: 'Company:1',
    query: 'ada',
    filter: { direction: { in: ['INBOUND'] } },
    buckets: 60,
    timeZone: 'America/New_York',
  });
});

test('people wait for the list, so it is asked for first', async () => {
  const sent = serveVolume();
  openPage('/c/acme/calls');
  await chart();
  const asked = sent.map(({ query }) => /query (\w+)/.exec(query)?.[1]);
  expect(asked.filter((name) => name === 'Calls' || name === 'CallHistogram')).toEqual([
    'Calls',
    'CallHistogram',
  ]);
});

test('by keyboard: bars are read out, several are selected, zoomed into and left again', async () => {
  serveVolume();
  const { address } = openPage('/c/acme/calls?dir=inbound');
  const slider = await chart();
  expect(slider).toHaveAttribute('aria-valuetext', expect.stringContaining('17 calls'));
  slider.focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(slider).toHaveAttribute(
    'aria-valuetext',
    '9 Mar 2026, 10:00 – 11:00 EDT: 6 calls: 5 answered, 1 missed or abandoned',
  );
  await userEvent.keyboard('{End}{Shift>}{ArrowLeft}{/Shift}');
  expect(slider).toHaveAttribute(
    'aria-valuetext',
    '9 Mar 2026, 12:00 – 14:00 EDT: 11 calls: 9 answered, 2 missed or abandoned',
  );
  await userEvent.keyboard('{Enter}');
  await waitFor(() =>
    expect(address()).toBe('/c/acme/calls?dir=inbound&from=2026-03-09T16:00Z&to=2026-03-09T18:00Z'),
  );
  expect(
    screen.getByRole('button', { name: 'Date: 9 Mar 2026, 12:00 – 14:00 EDT' }),
  ).toBeInTheDocument();
  expect(screen.getByText(/^Zoomed in/)).toBeInTheDocument();
  expect(slider).toHaveFocus();
  await userEvent.keyboard('-');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?dir=inbound'));
});

test('the way back survives a change of another filter, and ends with another range', async () => {
  serveVolume();
  const { address } = openPage('/c/acme/calls?range=7d');
  const slider = await chart();
  slider.focus();
  await userEvent.keyboard('{Home}{Enter}');
  await waitFor(() => expect(address()).toContain('from='));
  await userEvent.click(screen.getByRole('button', { name: 'Time' }));
  await waitFor(() => expect(address()).toContain('sort=oldest'));
  slider.focus();
  await userEvent.keyboard('{Backspace}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?range=7d&sort=oldest'));
  await userEvent.keyboard('-');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?sort=oldest'));
  await userEvent.keyboard('-');
  expect(screen.getByText('Nothing to zoom out of')).toBeInTheDocument();
});

test('dragging selects whole bars, a click one, and a finger looks before it leaps', async () => {
  serveVolume();
  const { address } = openPage('/c/acme/calls');
  const slider = await chart();
  slider.getBoundingClientRect = () => new DOMRect(100, 0, 400, 64);
  const mouse = { pointerType: 'mouse', button: 0, pointerId: 1 };
  fireEvent.pointerDown(slider, { ...mouse, clientX: 390 });
  fireEvent.pointerMove(slider, { ...mouse, clientX: 250 });
  fireEvent.pointerUp(slider, { ...mouse, clientX: 250 });
  await waitFor(() =>
    expect(address()).toBe('/c/acme/calls?from=2026-03-09T15:00Z&to=2026-03-09T17:00Z'),
  );
  fireEvent.pointerDown(slider, { ...mouse, clientX: 110 });
  fireEvent.pointerUp(slider, { ...mouse, clientX: 111 });
  await waitFor(() =>
    expect(address()).toBe('/c/acme/calls?from=2026-03-09T14:00Z&to=2026-03-09T15:00Z'),
  );
  const finger = { ...mouse, pointerType: 'touch', clientX: 350 };
  const tap = () => {
    fireEvent.pointerDown(slider, finger);
    fireEvent.pointerUp(slider, finger);
  };
  tap();
  expect(slider).toHaveAttribute('aria-valuetext', expect.stringContaining('10 calls'));
  expect(address()).toContain('from=2026-03-09T14:00Z');
  tap();
  await waitFor(() => expect(address()).toContain('from=2026-03-09T16:00Z'));
});

test('the same numbers stand in a table, whose rows zoom too', async () => {
  serveVolume();
  const { address } = openPage('/c/acme/calls');
  await chart();
  await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
  const row = await screen.findByRole('row', { name: /12:00 – 13:00/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['10', '8', '2', '0', '0']);
  await userEvent.click(within(row).getByRole('button'));
  await waitFor(() => expect(address()).toContain('from=2026-03-09T16:00Z'));
});

test('a chart that failed says so, leaves the list alone and can be retried', async () => {
  let broken = true;
  const callHistogram = () => {
    if (broken) throw apiError('Internal error', { code: 'INTERNAL' });
    return makeHistogram(HOURS);
  };
  serveVolume({ callHistogram });
  openPage('/c/acme/calls');
  const volume = await screen.findByRole('region', { name: 'Volume' });
  const retry = await within(volume).findByRole('button', { name: 'Retry' });
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
  broken = false;
  await userEvent.click(retry);
  await chart();
});

test('a company without calls has no chart, a time without any has an empty one', async () => {
  const none = ({ filter }: { filter?: unknown }) => makeHistogram(filter ? [[0, 0]] : []);
  serveVolume({ calls: connection([]), callHistogram: none });
  const { address } = openPage('/c/acme/calls?range=7d');
  expect(await screen.findByText('No calls in this time')).toBeInTheDocument();
  (await chart()).focus();
  await userEvent.keyboard('-');
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
  await screen.findByRole('heading', { name: 'No calls yet' });
  expect(screen.queryByRole('region', { name: 'Volume' })).not.toBeInTheDocument();
});

test('counts load when a filter opens, without its own condition; what has no calls is greyed', async () => {
  const callFacets = makeFacets({
    outcome: [
      { value: 'ANSWERED', count: count(12) },
      { value: 'MISSED', count: count(3) },
    ],
  });
  const sent = serveVolume({ callFacets });
  openPage('/c/acme/calls?dir=inbound&outcome=missed');
  await screen.findByText('Customer 1');
  const asked = () => sent.filter(({ query }) => query.includes('CallFacets('));
  expect(asked()).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Outcome: Missed' }));
  expect(await screen.findByRole('checkbox', { name: 'Answered 12' })).not.toBeChecked();
  expect(screen.getByRole('checkbox', { name: 'Missed 3' })).toBeChecked();
  expect(screen.getByText('Blocked').closest('[data-none]')).toHaveTextContent('Blocked 0');
  expect(asked()).toHaveLength(1);
  expect(asked()[0]?.variables).toMatchObject({
    filter: { direction: { in: ['INBOUND'] } },
    outcome: true,
    direction: false,
  });
});

test('people and groups are chosen by name and stand in the address by id', async () => {
  const callFacets = makeFacets({
    person: [{ party: { type: 'user', id: '11', name: 'Grace Example' }, count: count(4) }],
    group: [{ groupId: 'CallCenter:5', name: 'Support', count: count(25_000, false) }],
  });
  const sent = serveVolume({ callFacets });
  const { address } = openPage('/c/acme/calls?who=11');
  await screen.findByRole('button', { name: 'Person: Grace Example' });
  await userEvent.click(screen.getByRole('button', { name: 'Group' }));
  await userEvent.click(
    await screen.findByRole('checkbox', { name: 'Support Call centre 25,000+' }),
  );
  await waitFor(() => expect(address()).toBe('/c/acme/calls?who=11&tgt=CallCenter:5'));
  await screen.findByRole('button', { name: 'Group: Support' });
  const last = sent.findLast(({ query }) => query.includes('Calls('))?.variables;
  expect(last?.filter).toEqual({
    or: [{ person: { eq: '11' } }],
    groupId: { in: ['CallCenter:5'] },
  });
});

test('recorded is yes, no or any', async () => {
  serveVolume();
  const { address } = openPage('/c/acme/calls');
  await userEvent.click(await screen.findByRole('button', { name: 'Recorded' }));
  await userEvent.click(screen.getByRole('radio', { name: /^No/ }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?rec=0'));
  await userEvent.click(screen.getByRole('radio', { name: 'Any' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
});
