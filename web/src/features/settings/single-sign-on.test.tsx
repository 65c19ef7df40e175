// A company's own provider: set up, changed and ended; and signing in by it.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const MAY = ['READ_CALLS', 'READ_PEOPLE', 'MANAGE_COMPANY', 'MANAGE_SECURITY'];
const CALLBACK = 'https://calls.example.com/auth/sso/callback/1';
const NONE = { issuer: null, clientId: null, domains: [], defaultRole: null, groupScope: null };

interface Input {
  issuer: string;
  clientId: string;
  clientSecret: string | null;
  domains: string[];
  defaultRole: string;
}

/** A company whose provider is as it is told. */
function company(provider: object = NONE, isBySingleSignOn = false) {
  const rule = { callbackUrl: CALLBACK, ...provider };
  const root = companyRoot({
    viewerMay: MAY,
    secondFactorRule: { requiredFrom: null, missing: [] },
    singleSignOn: rule,
  });
  Object.assign(root.viewer, { isBySingleSignOn, sessions: [], secondFactor: null });
  Object.assign(root.viewer.user, { isVerified: true });
  const asked: Input[] = [];
  const answer = { company: { __typename: 'Company', id: 'Company:1' }, userErrors: [] };
  const setSingleSignOn = ({ input }: { input: Input }) => {
    asked.push({ ...input });
    if (input.issuer.includes('away')) {
      const message = 'The provider does not answer at this address within 5 seconds.';
      return { company: null, userErrors: [{ field: ['issuer'], code: 'INVALID', message }] };
    }
    const { issuer, clientId, domains, defaultRole } = input;
    Object.assign(rule, { issuer, clientId, domains, defaultRole });
    return answer;
  };
  const endSingleSignOn = () => {
    Object.assign(rule, NONE);
    return answer;
  };
  serveApi({ ...root, setSingleSignOn, endSingleSignOn });
  return asked;
}

const card = () => screen.findByRole('region', { name: 'Single sign-on' });

test('a provider is set up, changed without its secret, and ended', async () => {
  const asked = company();
  openPage('/c/acme/settings/company');
  const region = within(await card());
  const issuer = await region.findByRole('textbox', { name: 'Issuer' });
  expect(await card()).toHaveTextContent(CALLBACK);
  expect(region.queryByRole('button', { name: 'End single sign-on' })).not.toBeInTheDocument();
  await userEvent.click(region.getByRole('button', { name: 'Set up single sign-on' }));
  expect(issuer).toHaveFocus();
  expect(asked).toEqual([]);
  await userEvent.type(issuer, 'https://away.example.com');
  await userEvent.type(region.getByRole('textbox', { name: 'Client ID' }), 'trunkline');
  await userEvent.type(region.getByLabelText('Client secret'), 'from the provider');
  const domains = region.getByRole('textbox', { name: 'E-mail domains' });
  await userEvent.type(domains, 'example.com, example.org;example.net');
  await userEvent.selectOptions(region.getByLabelText('Role of who comes first'), 'Member');
  await userEvent.click(region.getByRole('button', { name: 'Set up single sign-on' }));
  expect(await region.findByText(/does not answer at this address/)).toBeInTheDocument();
  expect(issuer).toHaveFocus();
  await userEvent.clear(issuer);
  await userEvent.type(issuer, 'https://login.example.com');
  await userEvent.click(region.getByRole('button', { name: 'Set up single sign-on' }));
  expect(await region.findByText('Saved. The provider answers.')).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({
    companyId: 'Company:1',
    issuer: 'https://login.example.com',
    clientId: 'trunkline',
    clientSecret: 'from the provider',
    domains: ['example.com', 'example.org', 'example.net'],
    defaultRole: 'MEMBER',
    groupScope: null,
  });

  const save = await region.findByRole('button', { name: 'Save single sign-on' });
  expect(await card()).toHaveTextContent(`${window.location.origin}/single-sign-on?company=acme`);
  expect(region.getByLabelText('Client secret')).toHaveValue('');
  await userEvent.selectOptions(region.getByLabelText('Role of who comes first'), 'Viewer');
  await userEvent.click(save);
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(asked.at(-1)).toMatchObject({ clientSecret: null, defaultRole: 'VIEWER' });

  await userEvent.click(region.getByRole('button', { name: 'End single sign-on' }));
  const dialog = await screen.findByRole('dialog', { name: 'End single sign-on?' });
  expect(dialog).not.toHaveTextContent('So are you.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'End single sign-on' }));
  expect(await region.findByText(/^Ended\./)).toBeInTheDocument();
  await region.findByRole('button', { name: 'Set up single sign-on' });
  expect(region.getByRole('textbox', { name: 'Issuer' })).toHaveValue('');
});

test('who is there by single sign-on sees nothing to change of the account', async () => {
  company({ issuer: 'https://login.example.com' }, true);
  openPage('/c/acme/settings/security');
  const said = await screen.findByRole('region', { name: 'You are here by single sign-on' });
  expect(within(said).getByRole('link', { name: 'Choose one by mail' })).toBeInTheDocument();
  expect(screen.getByRole('region', { name: 'Where you are signed in' })).toBeInTheDocument();
  for (const name of ['Your name', 'Password', 'Second factor', 'Delete your account'])
    expect(screen.queryByRole('region', { name })).not.toBeInTheDocument();
});

/** Where the browser goes, when it leaves. */
function leaves(answer: () => Response) {
  const posted: unknown[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    posted.push([url, JSON.parse(String(init.body))]);
    return answer();
  });
  const assign = vi.fn();
  vi.stubGlobal('location', { ...window.location, origin: window.location.origin, assign });
  return { posted, assign };
}

test('somebody leaves for the provider, and is asked for the same company the next time', async () => {
  const url = 'https://login.example.com/authorize?client_id=trunkline';
  const { posted, assign } = leaves(() => Response.json({ url }));
  openPage('/single-sign-on?next=%2Fc%2Facme%2Fcalls%2F7');
  const field = await screen.findByRole('textbox', { name: 'Address of your company' });
  // Whoever was on their way to a page of a company need not say which.
  expect(field).toHaveValue('acme');
  await userEvent.clear(field);
  await userEvent.type(field, ' other ');
  await userEvent.click(screen.getByRole('button', { name: 'Go on to your provider' }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith(url));
  expect(posted).toEqual([['/auth/sso', { company: 'other', next: '/c/acme/calls/7' }]]);
  expect(localStorage.getItem('trunkline.single-sign-on')).toBe('other');
});

test('who was not let in reads why, and what the server refuses is said too', async () => {
  const message = 'There is no single sign-on at this address.';
  leaves(() => Response.json({ error: { code: 'NO_SINGLE_SIGN_ON', message } }, { status: 404 }));
  openPage('/single-sign-on?company=acme&error=SSO_OTHER_DOMAIN');
  expect(await screen.findByRole('alert')).toHaveTextContent('may not speak for your e-mail');
  expect(screen.getByRole('textbox', { name: 'Address of your company' })).toHaveValue('acme');
  await userEvent.click(screen.getByRole('button', { name: 'Go on to your provider' }));
  expect(await screen.findByText(message)).toBeInTheDocument();
  expect(screen.getAllByRole('alert')).toHaveLength(1);
});

test('an unknown reason is no text of whoever made the address', async () => {
  openPage('/single-sign-on?error=Call+us+at+evil.example');
  expect(await screen.findByRole('alert')).toHaveTextContent('Signing in did not work.');
});
