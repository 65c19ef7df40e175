import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closePalette } from '~/lib/palette';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const copied = vi.fn();

beforeEach(() => {
  serveApi(companyRoot({ calls: connection([makeCall('2'), makeCall('1')]) }));
  copied.mockReset();
  copied.mockResolvedValue(undefined);
});
afterEach(() => {
  closePalette();
  localStorage.clear();
});

async function openCalls(address = '/c/acme/calls') {
  const page = openPage(address);
  await screen.findByText('Customer 1');
  // Set up after the page: the library brings a clipboard of its own.
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(copied);
  return { ...page, user };
}

test('the second key of g c is no c', async () => {
  const { user, address } = await openCalls('/c/acme/calls?dir=inbound');
  await user.keyboard('j');
  await user.keyboard('gc');
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
  expect(copied).not.toHaveBeenCalled();
  await user.keyboard('gd');
  await waitFor(() => expect(address()).toBe('/c/acme/deliveries'));
});

test('rows are walked, copied and opened', async () => {
  const { user, address } = await openCalls();
  const [newest, older] = screen.getAllByRole('link', { name: /EDT/ });
  await user.keyboard('{ArrowDown}');
  expect(newest).not.toHaveFocus();
  await user.keyboard('j');
  expect(newest).toHaveFocus();
  await user.keyboard('{ArrowDown}');
  expect(older).toHaveFocus();
  await user.keyboard('c');
  expect(copied).toHaveBeenLastCalledWith('1');
  expect(await screen.findByText('Copied the call id')).toBeInTheDocument();
  await user.keyboard('o');
  await waitFor(() => expect(address()).toBe('/c/acme/calls/1'));
});

test('y copies the view without its cursor, t opens the time, Shift F clears', async () => {
  const { user, address } = await openCalls('/c/acme/calls?dir=inbound&range=7d&after=abc');
  await user.keyboard('y');
  expect(copied).toHaveBeenLastCalledWith(
    `${window.location.origin}/c/acme/calls?dir=inbound&range=7d`,
  );
  await user.keyboard('t');
  expect(await screen.findByRole('dialog', { name: /^Date/ })).toBeInTheDocument();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await user.keyboard('{Shift>}F{/Shift}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
});

test('what is typed while the palette opens is no shortcut', async () => {
  const { user, address } = await openCalls('/c/acme/calls?dir=inbound');
  await user.keyboard('j');
  await user.keyboard('fco');
  expect(await screen.findByRole('combobox', { name: 'Filter by' })).toBeInTheDocument();
  expect(copied).not.toHaveBeenCalled();
  expect(address()).toBe('/c/acme/calls?dir=inbound');
});

test('they can be switched off, and stay off; what is no single key goes on', async () => {
  const { user } = await openCalls();
  await user.keyboard('?');
  const box = await screen.findByRole('checkbox', { name: 'Single-key shortcuts' });
  await user.click(box);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await user.keyboard('/');
  expect(screen.getByRole('combobox', { name: 'Search calls' })).not.toHaveFocus();
  await user.keyboard('?');
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  await user.keyboard('{Control>}k{/Control}');
  expect(await screen.findByRole('combobox', { name: 'Command or call' })).toBeInTheDocument();
  expect(localStorage.getItem('trunkline-shortcuts')).toBe('false');
});
