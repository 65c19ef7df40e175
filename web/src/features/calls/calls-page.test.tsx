import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

test('calls are listed by day with outcome, customer and our person in words', async () => {
  serveApi(
    companyRoot({
      calls: connection([
        makeCall('2', { outcome: 'MISSED', wasRecorded: true }),
        makeCall('1', { dateStarted: '2026-03-07T14:00:00.000Z', contact: null }),
      ]),
    }),
  );
  openPage('/c/acme/calls');
  const link = await screen.findByRole('link', { name: /10:00:00 EDT/ });
  expect(link).toHaveAttribute('href', '/c/acme/calls/2');
  const row = link.closest('tr') ?? link;
  expect(row).toHaveTextContent('Inbound');
  expect(row).toHaveTextContent('Customer 2');
  expect(row).toHaveTextContent('Missed');
  expect(within(row).getByRole('img', { name: 'Recorded' })).toBeInTheDocument();
  expect(screen.getByText('Sat, 7 Mar 2026')).toBeInTheDocument();
  expect(screen.getByText('2 calls')).toBeInTheDocument();
});

test('filters come from the address and reach the server; bad ones do not', async () => {
  const sent = serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  openPage('/c/acme/calls?dir=inbound&outcome=missed,nonsense&range=7d&page=3');
  await screen.findByText('1 matching');
  const variables = sent.find(({ query }) => query.includes('Calls('))?.variables;
  expect(variables?.filter).toEqual({
    direction: { in: ['INBOUND'] },
    outcome: { in: ['MISSED'] },
    dateStarted: { gte: '-P7D' },
  });
});

test('a term the server does not know is explained under the box and the rows stay', async () => {
  const calls = ({ query }: { query?: string }) => {
    if (query !== 'colour:blue') return connection([makeCall('1')]);
    throw apiError('There is no key "colour".', {
      code: 'BAD_QUERY',
      position: { start: 0, end: 6 },
    });
  };
  serveApi(companyRoot({ calls }));
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  await userEvent.type(screen.getByRole('combobox', { name: 'Search calls' }), 'colour:blue');
  expect(await screen.findByText(/There is no key "colour"/)).toBeInTheDocument();
  expect(document.querySelector('mark')).toHaveTextContent(/^colour$/);
  expect(screen.getByText('Customer 1')).toBeInTheDocument();
  expect(address()).toBe('/c/acme/calls?q=colour:blue');
});

test('no match names every filter, and each can be removed', async () => {
  const calls = ({ query }: { query?: string }) => connection(query ? [] : [makeCall('1')]);
  serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls?q=nobody&dir=inbound');
  await screen.findByRole('heading', { name: 'No call matches' });
  await userEvent.click(screen.getByRole('button', { name: 'Remove nobody' }));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
});

test('a company without any call is led to set-up', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/calls');
  expect(await screen.findByRole('link', { name: 'Open set-up' })).toHaveAttribute(
    'href',
    '/c/acme/setup',
  );
});

test('an error shows the request id and can be retried', async () => {
  let broken = true;
  const calls = () => {
    if (broken) throw apiError('Internal error', { code: 'INTERNAL', requestId: 'req_42' });
    return connection([makeCall('1')]);
  };
  serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('req_42');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
});

test('a role without permission is told who can change it', async () => {
  const calls = () => {
    throw apiError('Forbidden', { code: 'FORBIDDEN' });
  };
  serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls');
  expect(await screen.findByRole('heading', { name: 'You may not see this' })).toBeInTheDocument();
});

test('a company that is not mine looks like one that does not exist', async () => {
  serveApi(companyRoot({}));
  openPage('/c/other/calls');
  expect(await screen.findByRole('heading', { name: 'Nothing here' })).toBeInTheDocument();
});

test('typing goes on undisturbed while the address catches up', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/c/acme/calls?q=ada');
  const box = await screen.findByRole('combobox', { name: 'Search calls' });
  expect(box).toHaveValue('ada');
  await userEvent.type(box, ' lo', { delay: 120 });
  await userEvent.type(box, 'velace', { delay: 120 });
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada+lovelace'));
  expect(box).toHaveValue('ada lovelace');
  await userEvent.click(screen.getByRole('button', { name: 'Clear search' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
  expect(box).toHaveValue('');
});

test('pages are walked by cursor, and shortcuts keep quiet while typing', async () => {
  const calls = ({ after }: { after?: string }) => ({
    ...connection([makeCall(after === undefined ? '2' : '1')]),
    pageInfo: {
      hasNextPage: after === undefined,
      hasPreviousPage: after !== undefined,
      startCursor: 'start',
      endCursor: 'end',
    },
  });
  serveApi(companyRoot({ calls }));
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 2');
  await userEvent.keyboard(']');
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
  expect(address()).toBe('/c/acme/calls?after=end');
  expect(screen.getByRole('button', { name: 'Not live' })).toBeInTheDocument();
  await userEvent.keyboard('/');
  await userEvent.keyboard('[[');
  expect(screen.getByRole('combobox', { name: 'Search calls' })).toHaveValue('[');
});
