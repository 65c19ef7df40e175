import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';
import { packDraft } from './shared-link';

const pressed = (name: string) => screen.findByRole('button', { name, pressed: true });

test('a ready query runs when it is chosen, and the address names it', async () => {
  const sent = serveApi(companyRoot({ calls: connection([makeCall('77')]) }));
  const { address } = openPage('/c/acme/api');
  expect(await pressed('Newest calls')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Missed yesterday' }));
  expect(await screen.findByText('HTTP 200')).toBeInTheDocument();
  expect(screen.getByRole('textbox', { name: 'Answer as JSON' })).toHaveTextContent('"77"');
  expect(screen.getByRole('textbox', { name: 'Query' })).toHaveTextContent('MissedYesterday');
  await waitFor(() => expect(address()).toBe('/c/acme/api?ready=missed-yesterday'));
  expect(sent.at(-1)?.variables).toEqual({
    company: 'Company:1',
    text: expect.stringMatching(/^outcome:missed on:\d{4}-\d{2}-\d{2}$/),
  });
});

test('a link brings its query with it and runs nothing by itself', async () => {
  const sent = serveApi(companyRoot({}));
  const q = await packDraft({ query: 'query Mine { viewer { user { email } } }', variables: '' });
  openPage(`/c/acme/api?q=${q}`);
  await waitFor(() =>
    expect(screen.getByRole('textbox', { name: 'Query' })).toHaveTextContent('query Mine'),
  );
  expect(sent.some(({ query }) => query.includes('Mine'))).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  expect(await screen.findByText('HTTP 200')).toBeInTheDocument();
  expect(screen.getByRole('textbox', { name: 'Answer as JSON' })).toHaveTextContent(
    'owner@example.com',
  );
});

test('a link that was cut is said to be one', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/api?q=cut-off');
  expect(await screen.findByRole('alert')).toHaveTextContent('no query that can be read');
});

test('a mutation asks first', async () => {
  const sent = serveApi({
    ...companyRoot({}),
    rotateEndpointUrl: () => ({ endpoint: null, userErrors: [] }),
  });
  const query = 'mutation Rotate { rotateEndpointUrl(input: {}) { userErrors { code } } }';
  openPage(`/c/acme/api?q=${await packDraft({ query, variables: '' })}`);
  await waitFor(() =>
    expect(screen.getByRole('textbox', { name: 'Query' })).toHaveTextContent('Rotate'),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  const dialog = await screen.findByRole('dialog', { name: 'Run a mutation?' });
  expect(sent.some((each) => each.query === query)).toBe(false);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Run mutation' }));
  expect(await screen.findByText('HTTP 200')).toBeInTheDocument();
  expect(sent.some((each) => each.query === query)).toBe(true);
});

test('errors say what is wrong, where, and under which id the log has it', async () => {
  const calls = () => {
    throw apiError('Internal error', { code: 'INTERNAL', requestId: 'req_42' });
  };
  serveApi(companyRoot({ calls }));
  openPage('/c/acme/api');
  await userEvent.click(await screen.findByRole('button', { name: 'Run' }));
  const errors = await screen.findByRole('alert', { name: 'Errors' });
  expect(errors).toHaveTextContent('Internal error INTERNAL');
  expect(within(errors).getByRole('button', { name: /^line 4, column \d+$/ })).toBeInTheDocument();
  expect(screen.getByText('req_42')).toBeInTheDocument();
});

test('variables that are not JSON stop the query here', async () => {
  const sent = serveApi(companyRoot({}));
  const q = await packDraft({ query: 'query Mine { viewer { user { id } } }', variables: '{ "a"' });
  openPage(`/c/acme/api?q=${q}`);
  await waitFor(() =>
    expect(screen.getByRole('textbox', { name: 'Query' })).toHaveTextContent('query Mine'),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('The variables are not JSON');
  expect(sent.some(({ query }) => query.includes('Mine'))).toBe(false);
});

test('what a query cost is shown', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/api');
  const run = await screen.findByRole('button', { name: 'Run' });
  vi.stubGlobal('fetch', async () =>
    Response.json({ data: {}, extensions: { cost: { value: 1204, max: 20_000 } } }),
  );
  await userEvent.click(run);
  expect(await screen.findByText('cost 1,204')).toBeInTheDocument();
});

test('a server that cannot be reached is said so, and a slow one can be left', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/api');
  const run = await screen.findByRole('button', { name: 'Run' });
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await userEvent.click(run);
  expect(await screen.findByRole('alert')).toHaveTextContent('The server cannot be reached.');
  vi.stubGlobal(
    'fetch',
    (_: unknown, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByRole('button', { name: 'Run' })).toBeInTheDocument();
});

test('the schema is searched and walked, and a program is shown how to ask', async () => {
  serveApi(companyRoot({}));
  openPage('/c/acme/api');
  await userEvent.click(await screen.findByRole('tab', { name: 'Schema' }));
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search the schema' }), 'holdTime');
  expect(screen.getByText('Milliseconds on hold.')).toBeInTheDocument();
  expect(screen.queryByText('Which way it went.')).not.toBeInTheDocument();
  await userEvent.clear(screen.getByRole('searchbox', { name: 'Search the schema' }));
  await userEvent.click(screen.getByRole('button', { name: 'Company' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Company object' })).toHaveFocus());

  await userEvent.click(screen.getByRole('tab', { name: 'From a program' }));
  const curl = screen.getByRole('region', { name: 'curl example' });
  expect(curl).toHaveTextContent('Authorization: Bearer $TRUNKLINE_API_KEY');
  expect(curl).toHaveTextContent('NewestCalls');
  expect(screen.getByRole('region', { name: 'Python example' })).toHaveTextContent(
    'urllib.request',
  );
});
