// The same list by conversation: one row for all legs that belong together.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import {
  apiError,
  companyRoot,
  connection,
  makeCall,
  makeConversation,
  serveApi,
} from '~/testing/api';
import { openPage } from '~/testing/open-page';

const many = makeConversation('7');
const single = makeConversation('8', { legCount: 1, legs: () => [makeCall('81', { depth: 0 })] });

test('calls are turned into conversations by a switch that stands in the address', async () => {
  const root = { calls: connection([makeCall('1')]), conversations: connection([many]) };
  const sent = serveApi(companyRoot(root));
  const { address } = openPage('/c/acme/calls?sort=oldest&dir=inbound');
  await screen.findByText('Customer 1');
  await userEvent.click(screen.getByRole('radio', { name: 'Conversations' }));
  expect(await screen.findByText('Customer 7')).toBeInTheDocument();
  // Conversations have one order only.
  expect(address()).toBe('/c/acme/calls?dir=inbound&list=conversations');
  const asked = sent.find(({ query }) => query.includes('query Conversations('));
  expect(asked?.variables.filter).toEqual({ direction: { in: ['INBOUND'] } });
  const row = screen.getByText('Customer 7').closest('tr') as HTMLElement;
  expect(row).toHaveTextContent('Grace Examplethrough Orders');
  await userEvent.click(screen.getByRole('radio', { name: 'Calls' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?dir=inbound'));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
});

test('a conversation opens by keyboard and tells who rang, who missed and who answered', async () => {
  const root = { conversations: connection([many]), conversation: many };
  serveApi(companyRoot(root));
  openPage('/c/acme/calls?list=conversations');
  const opener = await screen.findByRole('button', { name: /Customer 7, 3 legs$/ });
  expect(screen.getByText('1 conversation')).toBeInTheDocument();
  await userEvent.keyboard('j');
  expect(opener).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(opener).toHaveAttribute('aria-expanded', 'true');
  const queue = (await screen.findByRole('link', { name: 'Orders' })).closest('li') as HTMLElement;
  const [missed, answered] = within(within(queue).getByRole('list')).getAllByRole('listitem');
  expect(missed).toHaveTextContent(/Boris Sample.*Missed/);
  expect(answered).toHaveTextContent(/Grace Example.*Answered.*talked 2m 00s/);
  expect(screen.getByRole('link', { name: 'Grace Example' })).toHaveAttribute(
    'href',
    '/c/acme/calls/73',
  );
  await userEvent.keyboard('jjj{Enter}');
  expect(await screen.findByRole('heading', { level: 1 })).toBeInTheDocument();
});

test('a single leg has nothing to unfold and leads to its call', async () => {
  serveApi(companyRoot({ conversations: connection([single]) }));
  openPage('/c/acme/calls?list=conversations');
  const row = (await screen.findByText('Customer 8')).closest('tr') as HTMLElement;
  expect(within(row).getByRole('link')).toHaveAttribute('href', '/c/acme/calls/81');
  expect(within(row).queryByRole('button')).not.toBeInTheDocument();
});

test('what unfolds is no call: beside an open one it has the focus, and the call stays', async () => {
  const call = () => makeCall('81', { depth: 0 });
  serveApi(companyRoot({ conversations: connection([single, many]), conversation: many, call }));
  const { address } = openPage('/c/acme/calls?list=conversations');
  const row = (await screen.findByText('Customer 8')).closest('tr') as HTMLElement;
  await userEvent.keyboard('j ');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?list=conversations&call=81'));
  await screen.findByRole('region', { name: 'Call' });
  await userEvent.keyboard('j');
  const opener = screen.getByRole('button', { name: /Customer 7, 3 legs$/ });
  expect(opener).toHaveFocus();
  // It unfolds by its key too, in place of leading to the page of what is open.
  await userEvent.keyboard('o');
  expect(opener).toHaveAttribute('aria-expanded', 'true');
  await userEvent.keyboard('k');
  expect(within(row).getByRole('link')).toHaveFocus();
  expect(address()).toBe('/c/acme/calls?list=conversations&call=81');
});

test('legs that cannot be read say so in their place, and can be asked for again', async () => {
  let broken = true;
  const conversation = () => {
    if (broken) throw apiError('Internal error', { code: 'INTERNAL', requestId: 'req_7' });
    return many;
  };
  serveApi(companyRoot({ conversations: connection([many]), conversation }));
  openPage('/c/acme/calls?list=conversations');
  await userEvent.click(await screen.findByRole('button', { name: /3 legs$/ }));
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('req_7');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Retry' }));
  expect(await screen.findByRole('link', { name: 'Orders' })).toBeInTheDocument();
});

test('without any match the filters are named, as in the list of calls', async () => {
  serveApi(companyRoot({ conversations: connection([]) }));
  openPage('/c/acme/calls?list=conversations&q=nobody');
  expect(await screen.findByRole('heading', { name: 'No call matches' })).toBeInTheDocument();
});

test('the keyboard walks through the legs of what is unfolded, one by one, and back', async () => {
  serveApi(companyRoot({ conversations: connection([many, single]), conversation: many }));
  openPage('/c/acme/calls?list=conversations');
  const opener = await screen.findByRole('button', { name: /Customer 7, 3 legs$/ });
  await userEvent.click(opener);
  const legs = ['Orders', 'Boris Sample', 'Grace Example'].map(
    (name) => () => screen.getByRole('link', { name }),
  );
  await screen.findByRole('link', { name: 'Orders' });
  const after = screen.getByText('Customer 8').closest('tr') as HTMLElement;
  for (const leg of legs) {
    await userEvent.keyboard('j');
    expect(leg()).toHaveFocus();
  }
  await userEvent.keyboard('j');
  expect(within(after).getByRole('link')).toHaveFocus();
  for (const leg of legs.toReversed()) {
    await userEvent.keyboard('k');
    expect(leg()).toHaveFocus();
  }
  await userEvent.keyboard('k');
  expect(opener).toHaveFocus();
});
