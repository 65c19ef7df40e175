import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { closePalette } from '~/lib/palette';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

afterEach(() => {
  closePalette();
  localStorage.clear();
});

const root = () =>
  companyRoot({
    calls: ({ query }: { query?: string }) => {
      if (query?.includes(':')) throw apiError('No such key', { code: 'BAD_QUERY' });
      return connection([makeCall(query === undefined ? '1' : '4242')]);
    },
    call: makeCall('4242'),
  });

async function open() {
  await userEvent.keyboard('{Control>}k{/Control}');
  const box = await screen.findByRole('combobox', { name: 'Command or call' });
  await waitFor(() => expect(box).toHaveFocus());
  return box;
}

const chosen = () => screen.getByRole('option', { selected: true });

test('it goes to a page by a part of its name, by keyboard alone', async () => {
  serveApi(root());
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  const box = await open();
  await userEvent.type(box, 'deliv');
  expect(chosen()).toHaveTextContent('Deliveries');
  expect(box).toHaveAttribute('aria-activedescendant', chosen().id);
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(address()).toBe('/c/acme/deliveries'));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('it finds a call by a number in any format and opens it', async () => {
  const sent = serveApi(root());
  const { address } = openPage('/c/acme/setup');
  await screen.findByRole('heading', { level: 1 });
  await userEvent.type(await open(), '(206) 555-0142');
  const found = await screen.findByRole('option', { name: /Customer 4242/ });
  expect(found).toHaveTextContent('Answered · Sun, 8 Mar 2026, 10:00:00 EDT · (206) 555-0142');
  expect(found).toHaveAttribute('aria-selected', 'true');
  expect(sent.findLast(({ query }) => query.includes('FindCalls'))?.variables.text).toBe(
    '(206) 555-0142',
  );
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls/4242'));
});

test('what is no command and no call is searched for', async () => {
  serveApi(root());
  const { address } = openPage('/c/acme/setup');
  await screen.findByRole('heading', { level: 1 });
  await userEvent.type(await open(), 'outcome:missed');
  expect(chosen()).toHaveTextContent('Search calls for “outcome:missed”');
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=outcome:missed'));
});

test('the arrows go round, and Escape leaves everything as it was', async () => {
  serveApi(root());
  openPage('/c/acme/calls');
  const link = await screen.findByRole('link', { name: /EDT/ });
  link.focus();
  await open();
  const options = screen.getAllByRole('option');
  await userEvent.keyboard('{ArrowUp}');
  expect(chosen()).toBe(options.at(-1));
  await userEvent.keyboard('{ArrowDown}');
  expect(chosen()).toBe(options[0]);
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(link).toHaveFocus();
});

test('the calls looked at last are offered first, as long as the page lives', async () => {
  serveApi(root());
  openPage('/c/acme/calls/4242');
  await screen.findByRole('heading', { name: 'Answered inbound call' });
  await open();
  const recent = screen.getByRole('group', { name: 'Recent calls' });
  expect(within(recent).getByRole('option', { name: 'Customer 4242' })).toBeInTheDocument();
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('4242');
});

test('f offers the filters only, and the chosen one opens', async () => {
  serveApi(root());
  openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  await userEvent.keyboard('f');
  const box = await screen.findByRole('combobox', { name: 'Filter by' });
  expect(screen.getAllByRole('option')).toHaveLength(8);
  await userEvent.type(box, 'outc');
  await userEvent.keyboard('{Enter}');
  const filter = await screen.findByRole('dialog', { name: 'Outcome' });
  expect(await within(filter).findByRole('checkbox', { name: /Missed/ })).toBeInTheDocument();
});
