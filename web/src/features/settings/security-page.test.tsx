// What people see of their own account, and what they can do about it.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiError, companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const session = (id: string, changes: Record<string, unknown> = {}) => ({
  __typename: 'Session',
  id,
  address: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  startedAt: '2026-03-08T14:00:00.000Z',
  lastSeenAt: new Date(Date.now() - 5 * 60_000).toISOString(),
  expiresAt: '2026-03-15T14:00:00.000Z',
  isCurrent: false,
  ...changes,
});

function accountRoot(changes: Record<string, unknown> = {}, user: Record<string, unknown> = {}) {
  const root = companyRoot({});
  return {
    ...root,
    viewer: {
      ...root.viewer,
      user: { ...root.viewer.user, isVerified: true, ...user },
      sessions: [session('s1', { isCurrent: true }), session('s2', { address: '192.0.2.99' })],
    },
    ...changes,
  };
}

test('every session is listed, and another one is ended after asking', async () => {
  const ended: unknown[] = [];
  const endSession = ({ input }: { input: { sessionId: string } }) => {
    ended.push(input.sessionId);
    return { endedSessionId: input.sessionId, userErrors: [] };
  };
  serveApi(accountRoot({ endSession }));
  openPage('/c/acme/settings');
  const card = await screen.findByRole('region', { name: 'Where you are signed in' });
  const [current, other] = within(card).getAllByRole('listitem');
  expect(current).toHaveTextContent('Firefox on LinuxThis session');
  expect(within(current as HTMLElement).queryByRole('button')).not.toBeInTheDocument();
  expect(other).toHaveTextContent('192.0.2.99 · last used 5 minutes ago');
  await userEvent.click(
    screen.getByRole('button', { name: 'End the session of Firefox on Linux, 192.0.2.99' }),
  );
  const dialog = await screen.findByRole('dialog', { name: 'End this session?' });
  expect(ended).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'End the session' }));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(ended).toEqual(['s2']);
});

test('all others are ended at once', async () => {
  const asked: unknown[] = [];
  const endSessions = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return { endedCount: 1, userErrors: [] };
  };
  serveApi(accountRoot({ endSessions }));
  openPage('/c/acme/settings/security');
  await userEvent.click(await screen.findByRole('button', { name: 'Sign out everywhere else' }));
  const dialog = await screen.findByRole('dialog', { name: 'Sign out everywhere else?' });
  expect(dialog).toHaveTextContent('1 session ends within seconds; this one stays.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Sign out everywhere else' }));
  expect(await screen.findByText('1 session ended')).toBeInTheDocument();
  expect(asked).toEqual([{ keepCurrent: true }]);
});

test('a wrong password is said at its field; the right one changes it', async () => {
  const changePassword = ({ input }: { input: { currentPassword: string } }) =>
    input.currentPassword === 'right'
      ? { endedCount: 1, userErrors: [] }
      : {
          endedCount: null,
          userErrors: [
            { field: ['currentPassword'], code: 'BAD_CREDENTIALS', message: 'This is not it.' },
          ],
        };
  serveApi(accountRoot({ changePassword }));
  openPage('/c/acme/settings/security');
  const now = await screen.findByLabelText('Current password');
  const change = screen.getByRole('button', { name: 'Change password' });
  await userEvent.click(change);
  expect(screen.getByText('Enter your current password.')).toBeInTheDocument();
  await waitFor(() => expect(now).toHaveFocus());
  await userEvent.type(now, 'wrong');
  await userEvent.type(screen.getByLabelText('New password'), 'long enough for this');
  await userEvent.click(change);
  expect(await screen.findByText('This is not it.')).toBeInTheDocument();
  await userEvent.clear(now);
  await userEvent.type(now, 'right');
  await userEvent.click(change);
  expect(
    await screen.findByText('The password is changed, and 1 other session was ended.'),
  ).toBeInTheDocument();
  expect(now).toHaveValue('');
});

test('an address without proof can be sent another link', async () => {
  const sendVerification = () => ({ isVerified: false, userErrors: [] });
  serveApi(accountRoot({ sendVerification }, { isVerified: false }));
  openPage('/c/acme/settings/security');
  expect(await screen.findByText('Not confirmed yet')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Send another link' }));
  expect(await screen.findByText(/^A link was sent to owner@example.com/)).toBeInTheDocument();
});

test('an error shows the request id and can be retried', async () => {
  let broken = true;
  const root = accountRoot();
  const sessions = () => {
    if (broken) throw apiError('Internal error', { code: 'INTERNAL', requestId: 'req_9' });
    return root.viewer.sessions;
  };
  serveApi({ ...root, viewer: { ...root.viewer, sessions } });
  openPage('/c/acme/settings/security');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('req_9');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('This session')).toBeInTheDocument();
});

test('the name is saved, and what is wrong with it is said at the field', async () => {
  const asked: string[] = [];
  const updateProfile = ({ input }: { input: { name: string } }) => {
    asked.push(input.name);
    if (input.name.includes('<')) {
      const message = 'A name cannot hold markup.';
      return { user: null, userErrors: [{ field: ['name'], code: 'INVALID', message }] };
    }
    const user = { __typename: 'User', id: 'u1', name: input.name.trim() };
    return { user, userErrors: [] };
  };
  serveApi(accountRoot({ updateProfile }, { name: 'Grace' }));
  openPage('/c/acme/settings/security');
  const field = await screen.findByRole('textbox', { name: 'Name' });
  expect(field).toHaveValue('Grace');
  const save = screen.getByRole('button', { name: 'Save name' });
  await userEvent.clear(field);
  await userEvent.type(field, '<b>');
  await userEvent.click(save);
  expect(await screen.findByText('A name cannot hold markup.')).toBeInTheDocument();
  expect(field).toHaveFocus();
  await userEvent.clear(field);
  await userEvent.type(field, ' Grace Hopper ');
  await userEvent.click(save);
  expect(await screen.findByText('Your name is saved.')).toBeInTheDocument();
  expect(field).toHaveValue('Grace Hopper');
  expect(asked).toEqual(['<b>', ' Grace Hopper ']);
});

test('a link is mailed to a new address with the password of now', async () => {
  const asked: unknown[] = [];
  const requestEmailChange = ({ input }: { input: { currentPassword: string } }) => {
    asked.push({ ...input });
    if (input.currentPassword === 'wrong') {
      const message = 'The e-mail or the password is not right.';
      const wrong = { field: ['currentPassword'], code: 'BAD_CREDENTIALS', message };
      return { isSent: false, userErrors: [wrong] };
    }
    return { isSent: true, userErrors: [] };
  };
  serveApi(accountRoot({ requestEmailChange }));
  openPage('/c/acme/settings/security');
  await userEvent.click(await screen.findByRole('button', { name: 'Change address' }));
  const card = screen.getByRole('region', { name: 'E-mail address' });
  const send = within(card).getByRole('button', { name: 'Send the link' });
  await userEvent.click(send);
  expect(within(card).getByText('Enter the new address.')).toBeInTheDocument();
  await userEvent.type(within(card).getByLabelText('New address'), 'grace@new.example');
  const password = within(card).getByLabelText('Current password');
  await userEvent.type(password, 'wrong');
  await userEvent.click(send);
  expect(await within(card).findByText(/is not right/)).toBeInTheDocument();
  await userEvent.clear(password);
  await userEvent.type(password, 'right');
  await userEvent.click(send);
  expect(await within(card).findByRole('status')).toHaveTextContent(
    'A mail was sent to grace@new.example. Open its link within 24 hours to change your address.',
  );
  expect(asked).toEqual([
    { email: 'grace@new.example', currentPassword: 'wrong' },
    { email: 'grace@new.example', currentPassword: 'right' },
  ]);
});

test('an account is deleted by its password, unless a company would have no owner', async () => {
  const asked: string[] = [];
  const deleteAccount = ({ input }: { input: { currentPassword: string } }) => {
    asked.push(input.currentPassword);
    if (asked.length > 1) return { isDeleted: true, userErrors: [] };
    const message = 'You are the only owner of Acme Example.';
    return { isDeleted: false, userErrors: [{ field: null, code: 'LAST_OWNER', message }] };
  };
  serveApi(accountRoot({ deleteAccount }));
  const { address } = openPage('/c/acme/settings');
  const card = await screen.findByRole('region', { name: 'Delete your account' });
  await userEvent.click(within(card).getByRole('button', { name: 'Delete account…' }));
  const password = within(card).getByLabelText('Your password');
  expect(password).toHaveFocus();
  const end = within(card).getByRole('button', { name: 'Delete for good' });
  await userEvent.click(end);
  expect(asked).toEqual([]);
  await userEvent.type(password, 'a quiet staircase');
  await userEvent.click(end);
  expect(await within(card).findByRole('alert')).toHaveTextContent('only owner of Acme Example');
  await userEvent.click(end);
  await waitFor(() => expect(address()).toBe('/signup'));
});
