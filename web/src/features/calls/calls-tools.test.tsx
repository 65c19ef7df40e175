// What the list offers beside its rows: columns, actions on values, and what to do when it is empty,
// slow or without a connection.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
});

test('columns are chosen, kept by the browser, and stand in no link', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('42', { holdTimeMs: 61_000 })]) }));
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 42');
  expect(screen.queryByRole('columnheader', { name: 'On hold' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'On hold' }));
  expect(screen.getByRole('columnheader', { name: 'On hold', hidden: true })).toBeInTheDocument();
  expect(screen.getByText('1m 01s')).toBeInTheDocument();
  expect(localStorage.getItem('trunkline-call-columns')).toContain('hold');
  expect(address()).toBe('/c/acme/calls');
  await userEvent.click(screen.getByRole('button', { name: 'As they were' }));
  expect(screen.queryByText('1m 01s')).not.toBeInTheDocument();
});

test('a cell narrows the list to its value by the other button of the mouse', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1', { outcome: 'MISSED' })]) }));
  const { address } = openPage('/c/acme/calls');
  const row = (await screen.findByText('Customer 1')).closest('tr') as HTMLElement;
  await userEvent.pointer({ keys: '[MouseRight]', target: within(row).getByText('Missed') });
  await userEvent.click(await screen.findByRole('menuitem', { name: 'All but this: Missed' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=-outcome:missed'));
});

test('a row has the same by keyboard, and the focus comes back to it', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/c/acme/calls');
  const more = await screen.findByRole('button', { name: 'Filter by, copy: Customer 1' });
  more.focus();
  await userEvent.keyboard('{Enter}');
  await screen.findByRole('menuitem', { name: 'Copy call id: This call' });
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(more).toHaveFocus());
  await userEvent.keyboard('{Enter}');
  await userEvent.click(
    await screen.findByRole('menuitem', { name: /^All calls with this number/ }),
  );
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=number:%2B12065550142'));
});

test('when nothing matches, the one filter that leaves nothing is named', async () => {
  const calls = ({ query }: { query?: string }) => ({
    ...connection(query ? [] : [makeCall('1')]),
    totalCount: { value: query ? 0 : 12, exact: true },
  });
  serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls?q=nobody&dir=inbound&range=7d');
  expect(await screen.findByText(/It is “nobody” that leaves nothing/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Remove nobody 12 calls' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Remove Inbound 0 calls' })).toBeInTheDocument();
  // Even all of the time has none of these.
  expect(screen.queryByRole('button', { name: /90 days instead/ })).not.toBeInTheDocument();
});

test('where the time leaves nothing, a longer one is a click away', async () => {
  const calls = ({ filter }: { filter?: { dateStarted?: { gte: string } } }) =>
    connection(filter?.dateStarted?.gte === '-P7D' ? [] : [makeCall('1')]);
  serveApi(companyRoot({ calls }));
  const { address } = openPage('/c/acme/calls?dir=inbound&range=7d');
  expect(await screen.findByText(/It is “Last 7 days” that leaves nothing/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Search the last 90 days instead' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?dir=inbound&range=90d'));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
});

test('a slow search says so, can be left and taken up again', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  let finish = () => {};
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const sent = serveApi(
    companyRoot({
      calls: async ({ query }: { query?: string }) => {
        if (query) await gate;
        return connection([makeCall(query ? '2' : '1')]);
      },
    }),
  );
  await userEvent.type(screen.getByRole('combobox', { name: 'Search calls' }), 'ada');
  expect(await screen.findByText('Still searching…', {}, { timeout: 6_000 })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.getByText('The search was cancelled.')).toBeInTheDocument();
  expect(screen.getByText('Customer 1')).toBeInTheDocument();
  finish();
  await userEvent.click(screen.getByRole('button', { name: 'Search again' }));
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(screen.queryByText('The search was cancelled.')).not.toBeInTheDocument();
  expect(sent.filter(({ query }) => query.includes('Calls(')).length).toBeGreaterThan(1);
  expect(address()).toBe('/c/acme/calls?q=ada');
});

test('a search that the server gave up can be made shorter', async () => {
  const calls = ({ filter }: { filter?: object }) => {
    if (filter) return connection([makeCall('1')]);
    throw apiError('Trunkline cannot reach its database.', { code: 'UNAVAILABLE' });
  };
  serveApi(companyRoot({ calls }));
  const { address } = openPage('/c/acme/calls');
  await userEvent.click(await screen.findByRole('button', { name: 'Only the last 7 days' }));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
  expect(address()).toBe('/c/acme/calls?range=7d');
  expect(screen.queryByText(/A shorter time/)).not.toBeInTheDocument();
});

test('what failed without a connection is asked again when there is one', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  openPage('/c/acme/calls?sort=oldest');
  await screen.findByText('Customer 1');
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await userEvent.click(screen.getByRole('button', { name: 'Time' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('The server cannot be reached.');
  serveApi(companyRoot({ calls: connection([makeCall('2')]) }));
  window.dispatchEvent(new Event('online'));
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
});
