// What a company says of itself, and how its people have to sign in.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const MAY = ['READ_CALLS', 'READ_PEOPLE', 'MANAGE_COMPANY', 'MANAGE_SECURITY'];
const FREE = { requiredFrom: null, missing: [] };

interface Update {
  name: string;
  slug: string;
  timeZone: string;
}

/** A company that changes as it is told; the address `taken` belongs to another. */
function changing(changes: Record<string, unknown> = {}) {
  const root = companyRoot({ viewerMay: MAY, secondFactorRule: FREE, ...changes });
  const [company] = root.viewer.companies;
  const asked: object[] = [];
  const updateCompany = ({ input }: { input: Update }) => {
    asked.push({ ...input });
    if (input.slug === 'taken') {
      const message = 'This address belongs to another company.';
      return { company: null, userErrors: [{ field: ['slug'], code: 'SLUG_TAKEN', message }] };
    }
    const { name, slug, timeZone } = input;
    Object.assign(company as object, { name, slug, timeZone });
    return { company, userErrors: [] };
  };
  return { root: { ...root, updateCompany }, asked };
}

test('name and time zone are saved, and what is taken is said at the field', async () => {
  const { root, asked } = changing();
  serveApi(root);
  openPage('/c/acme/settings/company');
  const name = await screen.findByRole('textbox', { name: 'Company name' });
  await userEvent.clear(name);
  await userEvent.type(name, 'Acme Lines');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Time zone' }), 'UTC');
  const slug = screen.getByRole('textbox', { name: 'Address of its pages' });
  await userEvent.clear(slug);
  await userEvent.type(slug, 'taken');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('This address belongs to another company.')).toBeInTheDocument();
  expect(slug).toHaveFocus();
  await userEvent.clear(slug);
  await userEvent.type(slug, 'acme');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Saved.')).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({
    companyId: 'Company:1',
    name: 'Acme Lines',
    slug: 'acme',
    timeZone: 'UTC',
  });
  expect(await screen.findAllByText('Acme Lines')).not.toHaveLength(0);
});

test('the page moves with the address of the company', async () => {
  const { root } = changing();
  serveApi(root);
  const { address } = openPage('/c/acme/settings/company');
  const slug = await screen.findByRole('textbox', { name: 'Address of its pages' });
  await userEvent.clear(slug);
  await userEvent.type(slug, 'acme-lines');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await expect.poll(address).toBe('/c/acme-lines/settings/company');
  expect(await screen.findByRole('textbox', { name: 'Address of its pages' })).toHaveValue(
    'acme-lines',
  );
});

test('who may not change the company reads what it is', async () => {
  const { root } = changing({ viewerMay: ['READ_CALLS'] });
  serveApi(root);
  openPage('/c/acme/settings/company');
  const card = await screen.findByRole('region', { name: 'Company' });
  expect(card).toHaveTextContent('Company nameAcme Example');
  expect(card).toHaveTextContent('Time zoneAmerica/New_York');
  expect(within(card).queryByRole('textbox')).not.toBeInTheDocument();
  expect(
    screen.queryByRole('region', { name: 'A second factor for everybody' }),
  ).not.toBeInTheDocument();
});

test('a second factor is asked of everybody, who has none is named, and it is taken back', async () => {
  const member = { __typename: 'Member', id: 'm1', email: 'noor@example.com', name: 'Noor' };
  const rule = { requiredFrom: null as string | null, missing: [member] };
  let isSetUp = false;
  const requireSecondFactor = ({ input }: { input: { requiredFrom: string | null } }) => {
    if (!isSetUp) {
      const message = 'Set up your own second factor first.';
      return { company: null, userErrors: [{ field: null, code: 'SET_UP_FIRST', message }] };
    }
    rule.requiredFrom = input.requiredFrom;
    return { company: { __typename: 'Company', id: 'Company:1' }, userErrors: [] };
  };
  const { root } = changing({ secondFactorRule: rule });
  serveApi({ ...root, requireSecondFactor });
  openPage('/c/acme/settings/company');
  const card = await screen.findByRole('region', { name: 'A second factor for everybody' });
  const people = await within(card).findByRole('list', { name: 'People without a second factor' });
  expect(people).toHaveTextContent('Noor · noor@example.com');
  await userEvent.click(within(card).getByRole('button', { name: 'Ask for it in 7 days' }));
  expect(await within(card).findByRole('alert')).toHaveTextContent('Set up your own');
  expect(card).toHaveTextContent('It is not asked for');
  isSetUp = true;
  const before = Date.now();
  await userEvent.click(within(card).getByRole('button', { name: 'Ask for it in 7 days' }));
  expect(await within(card).findByText(/^It is asked for from/)).toBeInTheDocument();
  const days = (Date.parse(rule.requiredFrom ?? '') - before) / 86_400_000;
  expect(days).toBeGreaterThanOrEqual(7);
  expect(days).toBeLessThan(7.1);
  await userEvent.click(within(card).getByRole('button', { name: 'Do not ask for it any more' }));
  expect(await within(card).findByText(/^It is not asked for/)).toBeInTheDocument();
  expect(rule.requiredFrom).toBeNull();
});

test('an owner has the company deleted by its name and the password, and keeps it', async () => {
  const { root } = changing({ viewerMay: [...MAY, 'DELETE_COMPANY'] });
  const [company] = root.viewer.companies;
  const asked: object[] = [];
  const deleteCompany = ({ input }: { input: { currentPassword: string } }) => {
    asked.push({ ...input });
    if (input.currentPassword === 'wrong') {
      const message = 'E-mail or password is wrong.';
      const error = { field: ['currentPassword'], code: 'BAD_CREDENTIALS', message };
      return { company: null, userErrors: [error] };
    }
    Object.assign(company as object, { deletedFrom: '2026-03-22T14:00:00Z' });
    return { company, userErrors: [] };
  };
  const keepCompany = () => {
    Object.assign(company as object, { deletedFrom: null });
    return { company, userErrors: [] };
  };
  serveApi({ ...root, deleteCompany, keepCompany });
  openPage('/c/acme/settings/company');
  const card = await screen.findByRole('region', { name: 'Delete the company' });
  const end = within(card).getByRole('button', { name: 'Delete company' });
  const name = within(card).getByLabelText(/type its name/);
  await userEvent.type(name, 'Acme');
  await userEvent.click(end);
  expect(card).toHaveTextContent('Type Acme Example, so that it is the right one.');
  expect(asked).toEqual([]);
  await userEvent.type(name, ' Example');
  const password = within(card).getByLabelText('Your password');
  await userEvent.type(password, 'wrong');
  await userEvent.click(end);
  expect(await within(card).findByText('E-mail or password is wrong.')).toBeInTheDocument();
  await userEvent.clear(password);
  await userEvent.type(password, 'right');
  await userEvent.click(end);
  const banner = await screen.findByRole('region', { name: 'The end of the company' });
  expect(banner).toHaveTextContent('Acme Example will be deleted on');
  expect(asked.at(-1)).toEqual({
    companyId: 'Company:1',
    name: 'Acme Example',
    currentPassword: 'right',
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Keep the company' }));
  expect(await screen.findByRole('button', { name: 'Delete company' })).toBeInTheDocument();
  expect(banner).not.toBeInTheDocument();
});

test('who may not delete the company is told of its end and not asked', async () => {
  serveApi(companyRoot({ viewerMay: ['READ_CALLS'], deletedFrom: '2026-03-22T14:00:00Z' }));
  openPage('/c/acme/settings/company');
  const banner = await screen.findByRole('region', { name: 'The end of the company' });
  expect(within(banner).queryByRole('link')).not.toBeInTheDocument();
  expect(screen.queryByRole('region', { name: 'Delete the company' })).not.toBeInTheDocument();
});
