import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, makeCall, makeEndpoint, serveApi } from '~/testing/api';
import { makeDelivery, makeRecheck } from '~/testing/deliveries';
import { openPage } from '~/testing/open-page';

test('the secret is masked until asked for', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/setup');
  expect(await screen.findByTestId('request-url')).toHaveTextContent(
    'https://trunkline.example/in/abc',
  );
  expect(screen.queryByText('a-secret-of-some-length')).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Reveal secret' }));
  expect(screen.getByText('a-secret-of-some-length')).toBeInTheDocument();
});

test('commands show no secret', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/setup');
  await userEvent.click(await screen.findByRole('tab', { name: 'With the API' }));
  expect(screen.getByText(/"hook_url":"https:\/\/trunkline.example\/in\/abc"/)).toBeInTheDocument();
  expect(screen.queryByText(/a-secret-of-some-length/)).not.toBeInTheDocument();
});

test('a refused event says why and what to do', async () => {
  const endpoint = makeEndpoint({
    lastEventAt: null,
    lastRefusedAt: '2026-03-08T14:05:00.000Z',
    lastRefusal: 'UNSIGNED',
    refusedCount: 1,
  });
  serveApi(companyRoot({ endpoint }));
  openPage('/c/acme/setup');
  expect(await screen.findByText('The event is not signed.')).toBeInTheDocument();
  expect(screen.getByText(/The webhook in Dialpad has no secret/)).toBeInTheDocument();
  const status = screen.getByRole('complementary', { name: 'What we have received' });
  expect(within(status).getByRole('link', { name: 'See what was refused' })).toHaveAttribute(
    'href',
    '/c/acme/deliveries?st=rejected&why=unsigned',
  );
});

test('a member without the right sees no secret and cannot replace it', async () => {
  const until = '2026-03-09T14:00:00.000Z';
  const endpoint = makeEndpoint({ secret: null, previousSecretUntil: until });
  serveApi(companyRoot({ viewerRole: 'MEMBER', endpoint }));
  openPage('/c/acme/setup');
  expect(await screen.findByText(/Only owners and admins/)).toBeInTheDocument();
  expect(screen.getByText(/The previous secret is accepted until/)).toBeInTheDocument();
  for (const name of ['Replace secret', 'Replace the Request URL', /^End now/]) {
    expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
  }
});

test('a replaced secret shows the warning of the server', async () => {
  const endpoint = makeEndpoint();
  serveApi({
    ...companyRoot({ endpoint }),
    replaceEndpointSecret: () => ({
      endpoint,
      warning: 'This secret is short.',
      recheck: null,
      userErrors: [],
    }),
  });
  openPage('/c/acme/setup');
  await userEvent.type(await screen.findByLabelText('Own secret'), 'short');
  await userEvent.click(screen.getByRole('button', { name: 'Replace secret' }));
  expect(await screen.findByText(/This secret is short/)).toBeInTheDocument();
});

test('a replaced secret shows what it made of the refused deliveries', async () => {
  const endpoint = makeEndpoint();
  const delivery = makeDelivery('9', { call: makeCall('77'), recovered: true });
  serveApi({
    ...companyRoot({ endpoint }),
    replaceEndpointSecret: () => ({
      endpoint,
      warning: null,
      recheck: makeRecheck({
        checked: 3,
        accepted: 2,
        rejected: 1,
        results: [{ deliveryId: 'Delivery:1', outcome: 'ACCEPTED', reason: null, delivery }],
      }),
      userErrors: [],
    }),
  });
  openPage('/c/acme/setup');
  await userEvent.type(await screen.findByLabelText('Own secret'), 'the one Dialpad has');
  await userEvent.click(screen.getByRole('button', { name: 'Replace secret' }));
  expect(
    await screen.findByText(/3 deliveries examined: 2 taken in, 1 still refused/),
  ).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Customer 77' })).toHaveAttribute(
    'href',
    '/c/acme/calls/77',
  );
});

test('the overlap after a replaced secret is shown, and can be ended', async () => {
  const before = makeEndpoint({
    previousSecretUntil: '2026-03-09T14:00:00.000Z',
    previousSecretLastUsedAt: new Date(Date.now() - 5 * 60_000).toISOString(),
  });
  serveApi({
    ...companyRoot({ endpoint: before }),
    endPreviousSecret: () => ({
      endpoint: makeEndpoint({ previousSecretUntil: null }),
      userErrors: [],
    }),
  });
  openPage('/c/acme/setup');
  expect(await screen.findByText(/^The previous secret is accepted until/)).toHaveTextContent(
    'Mon, 9 Mar 2026, 10:00:00 EDT',
  );
  await userEvent.click(screen.getByRole('button', { name: 'End now: the previous secret' }));
  const dialog = await screen.findByRole('dialog', { name: 'End the previous secret now?' });
  expect(within(dialog).getByText(/It was last used 5 minutes ago/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'End the previous secret' }));
  await waitFor(() =>
    expect(screen.queryByText(/^The previous secret is accepted/)).not.toBeInTheDocument(),
  );
});

test('a new Request URL is asked for first, and the old one is shown while it works', async () => {
  let endpoint = makeEndpoint();
  const root = companyRoot({ endpoint: () => endpoint });
  serveApi({
    ...root,
    rotateEndpointUrl: () => {
      endpoint = makeEndpoint({
        requestUrl: 'https://trunkline.example/in/new',
        previousUrl: 'https://trunkline.example/in/abc',
        previousUrlUntil: '2026-03-15T14:00:00.000Z',
      });
      return { endpoint, userErrors: [] };
    },
  });
  openPage('/c/acme/setup');
  await userEvent.click(await screen.findByRole('button', { name: 'Replace the Request URL' }));
  const dialog = await screen.findByRole('dialog', { name: 'Replace the Request URL?' });
  expect(within(dialog).getByText(/works for another 7 days/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make a new Request URL' }));
  await waitFor(() =>
    expect(screen.getByTestId('request-url')).toHaveTextContent('https://trunkline.example/in/new'),
  );
  const previous = screen.getByRole('region', { name: 'The previous Request URL' });
  expect(previous).toHaveTextContent('https://trunkline.example/in/abc');
  expect(previous).toHaveTextContent('Nothing has come with it since the change.');
});

test('a test call shows what each delivery was answered with', async () => {
  serveApi({
    ...companyRoot({}),
    sendTestCall: () => ({
      call: '900',
      deliveries: [
        { state: 'ringing', status: 200, latencyMs: 12.4 },
        { state: 'hangup', status: null, latencyMs: 5_000 },
      ],
      userErrors: [],
    }),
  });
  openPage('/c/acme/setup');
  await userEvent.click(await screen.findByRole('button', { name: 'Send a test call' }));
  expect(await screen.findByText('200 accepted')).toBeInTheDocument();
  expect(screen.getByText('not reached')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Open the test call' })).toHaveAttribute(
    'href',
    '/c/acme/calls/900',
  );
});
