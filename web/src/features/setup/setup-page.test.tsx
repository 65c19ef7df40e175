import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, makeEndpoint, serveApi } from '~/testing/api';
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
});

test('a member without the right sees no secret and cannot replace it', async () => {
  serveApi(companyRoot({ endpoint: makeEndpoint({ secret: null }) }));
  openPage('/c/acme/setup');
  expect(await screen.findByText(/Only owners and admins/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Replace secret' })).not.toBeInTheDocument();
});

test('a replaced secret shows the warning of the server', async () => {
  const endpoint = makeEndpoint();
  serveApi({
    ...companyRoot({ endpoint }),
    replaceEndpointSecret: () => ({ endpoint, warning: 'This secret is short.', userErrors: [] }),
  });
  openPage('/c/acme/setup');
  await userEvent.type(await screen.findByLabelText('Own secret'), 'short');
  await userEvent.click(screen.getByRole('button', { name: 'Replace secret' }));
  expect(await screen.findByText(/This secret is short/)).toBeInTheDocument();
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
