import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const answer = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

test('whoever is signed out is sent to sign in, and back afterwards', async () => {
  vi.stubGlobal('fetch', async () =>
    answer(401, { errors: [{ message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } }] }),
  );
  const { address } = openPage('/c/acme/calls?dir=inbound');
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeInTheDocument();
  const next = new URL(address(), 'https://trunkline.example').searchParams.get('next');
  expect(next).toBe('/c/acme/calls?dir=inbound');

  vi.stubGlobal('fetch', async () =>
    answer(401, { error: { code: 'BAD_CREDENTIALS', message: 'E-mail or password is wrong.' } }),
  );
  await userEvent.type(screen.getByLabelText('E-mail'), 'owner@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'wrong');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('E-mail or password is wrong.');

  vi.stubGlobal('fetch', async () => {
    serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
    return answer(200, { companies: [{ slug: 'acme', name: 'Acme Example' }] });
  });
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
  expect(address()).toBe('/c/acme/calls?dir=inbound');
});

test('what the server says about a field stands at the field', async () => {
  vi.stubGlobal('fetch', async () =>
    answer(409, {
      error: { code: 'SIGN_UP_REFUSED', field: 'email', message: 'This e-mail cannot be used.' },
    }),
  );
  openPage('/signup');
  await userEvent.type(await screen.findByLabelText('Company name'), 'Acme Example');
  await userEvent.type(screen.getByLabelText('E-mail'), 'owner@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'long enough for this');
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
  expect(await screen.findByText('This e-mail cannot be used.')).toBeInTheDocument();
  expect(screen.getByLabelText('E-mail')).toHaveFocus();
});

test('the root leads to the calls of a company', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/');
  await screen.findByText('Customer 1');
  expect(address()).toBe('/c/acme/calls');
});

test('a server that fails at first can be asked again', async () => {
  // The router reports the failure on the console, as it should; here it is expected.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('fetch', async () => answer(500, {}));
  openPage('/c/acme/calls');
  const retry = await screen.findByRole('button', { name: 'Retry' });
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  await userEvent.click(retry);
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
});

test('a forgotten password is asked for, and nobody learns whether there is an account', async () => {
  const sent = vi.fn(async (_path: string, _init: RequestInit) => answer(202, {}));
  vi.stubGlobal('fetch', sent);
  openPage('/signin');
  await userEvent.click(await screen.findByRole('link', { name: 'Forgot your password?' }));
  // The page before has a field of that name too.
  const send = await screen.findByRole('button', { name: 'Send the link' });
  await userEvent.type(screen.getByLabelText('E-mail'), 'owner@example.com');
  await userEvent.click(send);
  expect(await screen.findByText(/has an account, a link is on its way/)).toBeInTheDocument();
  expect(sent.mock.calls[0]?.[0]).toBe('/auth/request-password-reset');
});

test('the link of the mail changes the password, and leads to signing in', async () => {
  const sent = vi.fn(
    async (_path: string, _init: RequestInit) => new Response(null, { status: 204 }),
  );
  vi.stubGlobal('fetch', sent);
  const { address } = openPage('/reset-password#s3cret');
  await userEvent.type(await screen.findByLabelText('New password'), 'long enough for this');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText(/Your password is changed/)).toBeInTheDocument();
  expect(address()).toBe('/signin?changed=1');
  expect(JSON.parse(String(sent.mock.calls[0]?.[1].body))).toEqual({
    link: 's3cret',
    password: 'long enough for this',
  });
});

test('an address is confirmed by pressing, not by looking; a used link says so', async () => {
  const sent = vi.fn(async (_path: string, _init: RequestInit) =>
    answer(410, { error: { code: 'LINK_GONE', message: 'This link does not work any more.' } }),
  );
  vi.stubGlobal('fetch', sent);
  openPage('/verify-email#s3cret');
  const confirm = await screen.findByRole('button', { name: 'Confirm my address' });
  expect(sent).not.toHaveBeenCalled();
  await userEvent.click(confirm);
  expect(await screen.findByRole('alert')).toHaveTextContent('This link does not work any more.');
  sent.mockResolvedValue(new Response(null, { status: 204 }));
  await userEvent.click(confirm);
  expect(await screen.findByText('Thank you, your address is confirmed.')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Go to your calls' })).toHaveAttribute('href', '/');
});

test.each([
  ['/change-email', 'Use this address', 'Go to your calls', '/'],
  ['/undo-email-change', 'Take my account back', 'Sign in', '/signin'],
])('what %s does is done when somebody presses', async (path, button, next, href) => {
  const sent = vi.fn(async (..._: Parameters<typeof fetch>) => new Response(null, { status: 204 }));
  vi.stubGlobal('fetch', sent);
  openPage(`${path}#s3cret`);
  const press = await screen.findByRole('button', { name: button });
  expect(sent).not.toHaveBeenCalled();
  await userEvent.click(press);
  const links = await screen.findAllByRole('link', { name: next });
  expect(links[0]).toHaveAttribute('href', href);
  expect(screen.getByRole('status')).not.toBeEmptyDOMElement();
  const [address, request] = sent.mock.calls[0] ?? [];
  expect([address, request?.body]).toEqual([`/auth${path}`, '{"link":"s3cret"}']);
});

test('somebody without an account joins a company with a new password', async () => {
  const invited = {
    company: { slug: 'acme', name: 'Acme Example' },
    email: 'new@example.com',
    role: 'member',
    hasAccount: false,
  };
  const sent: [string, unknown][] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push([path, JSON.parse(String(init.body))]);
    if (path === '/auth/invitation') return answer(200, invited);
    serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
    const api = globalThis.fetch;
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      if (path === '/auth/invitation') sent.push([path, null]);
      return api(path, init);
    });
    return answer(201, { company: invited.company });
  });
  const { address } = openPage('/invitation#s3cret');
  expect(await screen.findByText(/as member/)).toHaveTextContent(
    'Acme Example invites new@example.com as member.',
  );
  await userEvent.type(screen.getByLabelText('Choose a password'), 'long enough for this');
  await userEvent.click(screen.getByRole('button', { name: 'Create account and join' }));
  expect(await screen.findByText('Customer 1')).toBeInTheDocument();
  // While one leaves the page it does not begin anew, without its link.
  expect(sent.filter(([path]) => path === '/auth/invitation')).toHaveLength(1);
  expect(address()).toBe('/c/acme/calls');
  expect(sent.at(-1)).toEqual([
    '/auth/accept-invitation',
    { link: 's3cret', password: 'long enough for this' },
  ]);
});

test('whoever has an account signs in first, and comes back to the invitation', async () => {
  const invited = {
    company: { slug: 'acme', name: 'Acme Example' },
    email: 'ada@example.com',
    role: 'admin',
    hasAccount: true,
  };
  vi.stubGlobal('fetch', async (path: string) =>
    path === '/auth/invitation'
      ? answer(200, invited)
      : answer(409, { error: { code: 'SIGN_IN_FIRST', message: 'Sign in first.' } }),
  );
  openPage('/invitation#s3cret');
  await userEvent.click(await screen.findByRole('button', { name: 'Join' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('Sign in first.');
  expect(screen.getByRole('link', { name: 'Sign in with this address' })).toHaveAttribute(
    'href',
    '/signin?next=/invitation%23s3cret',
  );
});

test('who has a second factor is asked for its code after the password', async () => {
  const sent = vi.fn(async (path: string, init: RequestInit) => {
    const { code } = JSON.parse(String(init.body));
    if (path === '/auth/sign-in') return answer(200, { needsCode: true, companies: [] });
    if (code !== '123456') {
      return answer(401, {
        error: { code: 'BAD_CODE', message: 'This code is not right.', field: 'code' },
      });
    }
    serveApi(companyRoot({}));
    return answer(200, { needsCode: false, companies: [{ slug: 'acme', name: 'Acme Example' }] });
  });
  vi.stubGlobal('fetch', sent);
  const { address } = openPage('/signin?next=/c/acme/calls');
  await userEvent.type(await screen.findByLabelText('E-mail'), 'owner@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'the right one{Enter}');
  const code = await screen.findByLabelText('Code');
  expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  // Whole codes are sent without a further key.
  await userEvent.type(code, '000000');
  expect(await screen.findByText('This code is not right.')).toBeInTheDocument();
  await userEvent.clear(code);
  await userEvent.type(code, '123456');
  await waitFor(() => expect(address()).toBe('/c/acme/calls'));
});
