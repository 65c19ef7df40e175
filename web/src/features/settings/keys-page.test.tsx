// Keys for programs: made and shown once, replaced, revoked.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const apiKey = {
  __typename: 'ApiKey',
  id: 'k1',
  name: 'Nightly copy',
  hint: 'tl_live_ab12',
  scopes: ['CALLS_READ', 'EXPORT'],
  createdBy: 'owner@example.com',
  createdAt: '2026-03-08T14:00:00.000Z',
  lastUsedAt: new Date().toISOString(),
  expiresAt: null,
  isExpired: false,
  networks: ['192.0.2.0/24'],
};
const SECRET = 'tl_live_made_for_this_test';

test('a key is made with the rights that were chosen, and shown once', async () => {
  const asked: Record<string, unknown>[] = [];
  const createApiKey = ({ input }: { input: Record<string, unknown> }) => {
    asked.push({ ...input });
    return { apiKey, secret: SECRET, userErrors: [] };
  };
  serveApi({ ...companyRoot({ apiKeys: [] }), createApiKey });
  openPage('/c/acme/settings/keys');
  expect(await screen.findByText('There is none.')).toBeInTheDocument();
  const make = screen.getByRole('button', { name: 'Make the key' });
  await userEvent.click(make);
  expect(screen.getByText('Say what the key is for.')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText('Name'), 'Nightly copy');
  await userEvent.selectOptions(screen.getByLabelText('Good for'), 'Until it is revoked');
  await userEvent.click(screen.getByRole('checkbox', { name: /^export/ }));
  const networks = screen.getByLabelText('Only from these addresses');
  await userEvent.type(networks, ' 192.0.2.0/24, 2001:db8::7 ');
  await userEvent.click(make);
  expect(await screen.findByText(SECRET)).toBeInTheDocument();
  expect(asked).toEqual([
    {
      companyId: 'Company:1',
      name: 'Nightly copy',
      scopes: ['CALLS_READ', 'EXPORT'],
      expiresAt: null,
      networks: ['192.0.2.0/24', '2001:db8::7'],
    },
  ]);
  await userEvent.click(screen.getByRole('button', { name: 'I have saved it' }));
  expect(screen.queryByText(SECRET)).not.toBeInTheDocument();
});

test('a key that is in use is revoked only after a warning', async () => {
  const asked: unknown[] = [];
  const revokeApiKey = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return { userErrors: [] };
  };
  serveApi({ ...companyRoot({ apiKeys: [apiKey] }), revokeApiKey });
  openPage('/c/acme/settings/keys');
  const card = await screen.findByRole('region', { name: 'API keys' });
  expect(card).toHaveTextContent('calls:read, export');
  expect(card).toHaveTextContent('only from 192.0.2.0/24');
  await userEvent.click(within(card).getByRole('button', { name: 'Revoke: Nightly copy' }));
  const dialog = await screen.findByRole('dialog', { name: 'Revoke this key?' });
  expect(dialog).toHaveTextContent('It was used within the last 24 hours.');
  expect(asked).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke' }));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(asked).toEqual([{ companyId: 'Company:1', apiKeyId: 'k1' }]);
});

test('a replaced key shows the new one', async () => {
  const rotateApiKey = ({ input }: { input: { overlapHours: number } }) => {
    expect(input.overlapHours).toBe(24);
    return { apiKey, secret: SECRET, userErrors: [] };
  };
  serveApi({ ...companyRoot({ apiKeys: [apiKey] }), rotateApiKey });
  openPage('/c/acme/settings/keys');
  await userEvent.click(await screen.findByRole('button', { name: 'Replace: Nightly copy' }));
  const dialog = await screen.findByRole('dialog', { name: 'Replace this key?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make a new key' }));
  expect(await screen.findByText(SECRET)).toBeInTheDocument();
});

test('who may not manage keys is told who can change that', async () => {
  serveApi(companyRoot({ viewerMay: ['READ_CALLS'] }));
  openPage('/c/acme/settings/keys');
  expect(await screen.findByRole('heading', { name: 'You may not see this' })).toBeInTheDocument();
});
