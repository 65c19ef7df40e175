// Turning the second factor on, what it leaves behind, and turning it off again.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const CODES = ['aaaa-1111', 'bbbb-2222'];
const ON = { since: '2026-03-08T14:00:00.000Z', recoveryCodesLeft: 2 };

function root(factor: typeof ON | null, mutations: Record<string, unknown>) {
  const base = companyRoot({});
  let current = factor;
  return {
    ...base,
    viewer: {
      ...base.viewer,
      user: { ...base.viewer.user, isVerified: true },
      sessions: [],
      secondFactor: () => current,
    },
    ...mutations,
    become: (next: typeof ON | null) => {
      current = next;
    },
  };
}

const card = async () => screen.findByRole('region', { name: 'Second factor' });

test('it is set up with the password, a key to scan or type, and a code', async () => {
  const BAD = { field: ['code'], code: 'BAD_CODE', message: 'This code is not right.' };
  const api = root(null, {
    beginSecondFactor: () => ({
      otpauthUrl: 'otpauth://totp/Trunkline:owner?secret=ABCD',
      secret: 'ABCD EFGH',
      userErrors: [],
    }),
    confirmSecondFactor: ({ input }: { input: { code: string } }) => {
      if (input.code !== '123456') return { recoveryCodes: null, userErrors: [BAD] };
      api.become(ON);
      return { recoveryCodes: CODES, endedCount: 0, userErrors: [] };
    },
  });
  serveApi(api);
  openPage('/c/acme/settings/security');
  const factor = within(await card());
  await userEvent.type(factor.getByLabelText('Your password'), 'the right one');
  await userEvent.click(factor.getByRole('button', { name: 'Set it up' }));
  expect(await factor.findByRole('img', { name: 'QR code for the app' })).toBeInTheDocument();
  expect(factor.getByTestId('second-factor-key')).toHaveTextContent('ABCD EFGH');
  const code = factor.getByLabelText('Code');
  await userEvent.type(code, '000000{Enter}');
  expect(await factor.findByText('This code is not right.')).toBeInTheDocument();
  expect(code).toHaveFocus();
  await userEvent.clear(code);
  await userEvent.type(code, '123456{Enter}');
  const codes = await factor.findByRole('list', { name: 'Recovery codes' });
  expect(codes).toHaveTextContent('aaaa-1111bbbb-2222');
  await userEvent.click(factor.getByRole('button', { name: 'I have saved them' }));
  expect(await factor.findByText(/2 recovery codes are left/)).toBeInTheDocument();
});

test('it is turned off with the password again', async () => {
  const wrong = { field: ['password'], code: 'BAD_CREDENTIALS', message: 'That is not it.' };
  const api = root(ON, {
    endSecondFactor: ({ input }: { input: { password: string } }) => {
      if (input.password !== 'right') return { isEnded: false, userErrors: [wrong] };
      api.become(null);
      return { isEnded: true, userErrors: [] };
    },
  });
  serveApi(api);
  openPage('/c/acme/settings/security');
  const factor = within(await card());
  await userEvent.click(await factor.findByRole('button', { name: 'Turn it off' }));
  const password = factor.getByLabelText('Your password');
  await userEvent.type(password, 'wrong{Enter}');
  expect(await factor.findByText('That is not it.')).toBeInTheDocument();
  await userEvent.clear(password);
  await userEvent.type(password, 'right{Enter}');
  await waitFor(() => expect(factor.getByText('Off')).toBeInTheDocument());
  expect(factor.getByRole('button', { name: 'Set it up' })).toBeInTheDocument();
});

test('new recovery codes take the place of the ones of before', async () => {
  const api = root(ON, {
    replaceRecoveryCodes: () => ({ recoveryCodes: CODES, userErrors: [] }),
  });
  serveApi(api);
  openPage('/c/acme/settings/security');
  const factor = within(await card());
  await userEvent.click(await factor.findByRole('button', { name: 'Make new recovery codes' }));
  await userEvent.type(factor.getByLabelText('Your password'), 'right{Enter}');
  expect(await factor.findByRole('list', { name: 'Recovery codes' })).toBeInTheDocument();
});

test('whoever is barred for want of one is told by whom, sets it up and goes on', async () => {
  const root = companyRoot({});
  const [open] = root.viewer.companies;
  const barred = { __typename: 'BarredCompany', slug: 'strict', name: 'Strict Example' };
  const viewer = { ...root.viewer, barredCompanies: [barred] };
  const begun = { otpauthUrl: 'otpauth://totp/Trunkline:owner?secret=ABCD', secret: 'ABCD EFGH' };
  const beginSecondFactor = () => ({ ...begun, userErrors: [] });
  const confirmSecondFactor = () => {
    const strict = { ...open, id: 'Company:2', slug: 'strict', name: 'Strict Example' };
    Object.assign(viewer, { companies: [open, strict], barredCompanies: [] });
    return { recoveryCodes: ['aaaaa-bbbbb'], endedCount: 0, userErrors: [] };
  };
  serveApi({ ...root, viewer, beginSecondFactor, confirmSecondFactor });
  const { address } = openPage('/c/strict/calls?q=ada');
  expect(await screen.findByText(/^Strict Example asks everybody for one/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Go to Acme Example' })).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText('Your password'), 'a quiet staircase');
  await userEvent.click(screen.getByRole('button', { name: 'Set it up' }));
  await userEvent.type(await screen.findByLabelText('Code'), '123456');
  await userEvent.click(screen.getByRole('button', { name: 'Turn it on' }));
  await userEvent.click(await screen.findByRole('button', { name: 'I have saved them' }));
  await waitFor(() => expect(address()).toBe('/c/strict/calls?q=ada'));
});
