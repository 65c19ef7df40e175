// A call beside the list.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const CALLS = ['3', '2', '1'].map((id) =>
  makeCall(id, { dateStarted: `2026-03-08T14:0${id}:00.000Z`, dateRang: null, dateQueued: null }),
);

beforeEach(() => {
  const call = ({ callId }: { callId: string }) =>
    CALLS.find((each) => each.callId === callId) ?? null;
  serveApi(companyRoot({ calls: connection(CALLS), call }));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const TITLE = { level: 2, name: 'Answered inbound call' };
const panel = () => screen.findByRole('region', { name: 'Call' });
const rowOf = (customer: string) =>
  screen.getAllByText(customer).map((each) => each.closest('tr'))[0] as HTMLElement;

async function openCalls(address = '/c/acme/calls') {
  const page = openPage(address);
  await screen.findByRole('table');
  return page;
}

test('Enter opens the row beside the list, and reading goes on there', async () => {
  const { address } = await openCalls();
  await userEvent.keyboard('jj');
  await userEvent.keyboard('{Enter}');
  const open = await panel();
  await within(open).findByRole('heading', TITLE);
  expect(address()).toBe('/c/acme/calls?call=2');
  await waitFor(() => expect(open).toHaveFocus());
  expect(within(rowOf('Customer 2')).getByRole('link')).toHaveAttribute('aria-current', 'true');
});

test('Space has a look and stays in the list; j and k go on, Escape closes', async () => {
  const { address } = await openCalls();
  await userEvent.keyboard('j ');
  await panel();
  expect(within(rowOf('Customer 3')).getByRole('link')).toHaveFocus();
  await userEvent.keyboard('j');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?call=2'));
  await userEvent.keyboard('k');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?call=3'));
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
  expect(screen.queryByRole('region', { name: 'Call' })).not.toBeInTheDocument();
  await waitFor(() => expect(within(rowOf('Customer 3')).getByRole('link')).toHaveFocus());
});

test('a link to an open call shows it, and o leads to its page', async () => {
  const { address } = await openCalls('/c/acme/calls?call=1');
  await within(await panel()).findByRole('heading', TITLE);
  await userEvent.keyboard('o');
  await waitFor(() => expect(address()).toBe('/c/acme/calls/1'));
  await screen.findByRole('heading', { level: 1, name: 'Answered inbound call' });
});

test('a click on a row opens it, another one follows, and back closes', async () => {
  const { address } = await openCalls('/c/acme/calls?dir=inbound');
  await userEvent.click(screen.getByText('Customer 2'));
  await panel();
  expect(address()).toBe('/c/acme/calls?dir=inbound&call=2');
  await userEvent.click(within(rowOf('Customer 1')).getByText('Answered'));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?dir=inbound&call=1'));
  await userEvent.click(within(await panel()).getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?dir=inbound'));
});

test('a call that is not here says so, and the list stays', async () => {
  await openCalls('/c/acme/calls?call=nowhere');
  expect(await within(await panel()).findByText('Nothing here')).toBeInTheDocument();
  expect(screen.getByText('Customer 2')).toBeInTheDocument();
});

test('where there is no room for both, the page of the call opens', async () => {
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) =>
      ({
        matches: query.includes('max-width'),
        media: query,
        addEventListener: () => {},
        removeEventListener: () => {},
      }) as unknown as MediaQueryList,
  );
  const { address } = await openCalls();
  await userEvent.click(screen.getByText('Customer 2'));
  await waitFor(() => expect(address()).toBe('/c/acme/calls/2'));
});
