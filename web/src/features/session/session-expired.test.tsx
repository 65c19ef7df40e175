import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const answer = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

test('a session that ends at work is renewed on the spot, and nothing is lost', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  // The live list goes on asking, so what signs in and what asks are told apart.
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/graphql')) {
      const error = { message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } };
      return answer(401, { errors: [error] });
    }
    serveApi(companyRoot({ calls: connection([makeCall('2')]) }));
    return answer(200, { companies: [{ slug: 'acme', name: 'Acme Example' }] });
  });
  await userEvent.type(screen.getByRole('combobox', { name: 'Search calls' }), 'ada');
  const dialog = await screen.findByRole('dialog', { name: 'Your session has ended' });
  expect(dialog).toBeInTheDocument();
  expect(screen.getByLabelText('E-mail')).toHaveValue('owner@example.com');
  expect(screen.getByText('Customer 1')).toBeInTheDocument();

  await userEvent.type(screen.getByLabelText('Password'), 'the right one');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(screen.getByRole('combobox', { name: 'Search calls' })).toHaveValue('ada');
  expect(address()).toBe('/c/acme/calls?q=ada');
});

test('who came by a provider goes there again, and comes back to where they were', async () => {
  const root = companyRoot({ calls: connection([makeCall('1')]) });
  Object.assign(root.viewer, { isBySingleSignOn: true });
  serveApi(root);
  openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  const asked: unknown[] = [];
  const message = 'Your company’s provider does not answer as it should. Try again in a moment.';
  vi.stubGlobal('fetch', async (url: string, { body }: RequestInit) => {
    if (url.endsWith('/graphql')) {
      const error = { message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } };
      return answer(401, { errors: [error] });
    }
    asked.push([url, JSON.parse(String(body))]);
    return answer(502, { error: { code: 'SSO_UNAVAILABLE', message, field: null } });
  });
  await userEvent.type(screen.getByRole('combobox', { name: 'Search calls' }), 'ada');
  await userEvent.click(await screen.findByRole('button', { name: 'Go on by single sign-on' }));
  expect(await screen.findByText(message)).toBeInTheDocument();
  expect(screen.queryByLabelText('Password')).not.toBeInTheDocument();
  const next = window.location.pathname + window.location.search;
  expect(asked).toEqual([['/auth/sso', { company: 'acme', next }]]);
});
