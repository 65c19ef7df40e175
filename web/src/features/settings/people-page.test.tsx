// Who is in the company, who is invited, and what was changed by whom.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const member = (name: string, changes: Record<string, unknown> = {}) => ({
  __typename: 'Member',
  id: name,
  email: `${name}@example.com`,
  role: 'MEMBER',
  joinedAt: '2026-03-08T14:00:00.000Z',
  apiKeyCount: 0,
  isViewer: false,
  groupScope: null,
  ...changes,
});
const invitation = {
  __typename: 'Invitation',
  id: 'i1',
  email: 'new@example.com',
  role: 'VIEWER',
  groupScope: null,
  invitedBy: 'owner@example.com',
  sentAt: '2026-03-08T14:00:00.000Z',
  expiresAt: '2026-03-15T14:00:00.000Z',
  isExpired: false,
};
const people = {
  members: [member('owner', { role: 'OWNER', isViewer: true }), member('ada')],
  invitations: [invitation],
};
const done = { userErrors: [] };

test('somebody is invited; what is wrong stands at the field', async () => {
  const asked: unknown[] = [];
  const inviteMember = ({ input }: { input: { email: string } }) => {
    asked.push({ ...input });
    if (input.email !== 'ada@example.com') return { invitation, ...done };
    const message = 'This person is a member already.';
    return {
      invitation: null,
      userErrors: [{ field: ['email'], code: 'ALREADY_MEMBER', message }],
    };
  };
  serveApi({ ...companyRoot(people), inviteMember });
  openPage('/c/acme/settings/people');
  const email = await screen.findByLabelText('E-mail');
  const send = screen.getByRole('button', { name: 'Send the invitation' });
  await userEvent.type(email, 'ada@example.com');
  await userEvent.selectOptions(screen.getByLabelText('Role'), 'Admin');
  await userEvent.click(send);
  expect(await screen.findByText('This person is a member already.')).toBeInTheDocument();
  await userEvent.clear(email);
  await userEvent.type(email, 'new@example.com');
  await userEvent.click(send);
  expect(await screen.findByText(/An invitation was sent to/)).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({ companyId: 'Company:1', email: 'new@example.com', role: 'ADMIN' });
});

const callFacets = {
  group: [{ __typename: 'GroupFacet', groupId: 'CallCenter:5533', name: 'Support' }],
  person: [
    {
      __typename: 'PartyFacet',
      party: { __typename: 'Party', type: 'user', id: '31', name: 'Ivo', email: null },
    },
  ],
};

test('somebody is let see the calls of some groups and people only', async () => {
  const asked: unknown[] = [];
  const scopeMember = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return done;
  };
  const groupScope = [{ __typename: 'ScopedGroup', groupId: 'Department:7', name: 'Repairs' }];
  const ben = member('ben', { groupScope });
  serveApi({
    ...companyRoot({ ...people, members: [...people.members, ben], callFacets }),
    scopeMember,
  });
  openPage('/c/acme/settings/people');
  expect(await screen.findByText('Repairs')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Calls: ada@example.com' }));
  const dialog = await screen.findByRole('dialog', { name: 'Whose calls are seen?' });
  expect(within(dialog).getByRole('radio', { name: 'All calls of the company' })).toBeChecked();
  await userEvent.click(within(dialog).getByRole('radio', { name: /^Only calls of some/ }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(within(dialog).getByText('Choose at least one.')).toBeInTheDocument();
  const picker = within(dialog).getByRole('combobox', { name: 'Groups and people' });
  await userEvent.click(picker);
  await userEvent.click(await screen.findByRole('option', { name: 'Support' }));
  await userEvent.type(picker, 'department:8');
  await userEvent.click(await screen.findByRole('option', { name: 'Department:8' }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(asked).toEqual([
    {
      companyId: 'Company:1',
      memberId: 'ada',
      groupScope: ['CallCenter:5533', 'Department:8'],
    },
  ]);
});

test('an invitation says whose calls will be seen; an admin sees all', async () => {
  const asked: unknown[] = [];
  const inviteMember = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return { invitation, ...done };
  };
  serveApi({ ...companyRoot({ ...people, callFacets }), inviteMember });
  openPage('/c/acme/settings/people');
  await userEvent.type(await screen.findByLabelText('E-mail'), 'new@example.com');
  await userEvent.click(screen.getByRole('combobox', { name: 'Sees the calls of' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Ivo' }));
  const send = screen.getByRole('button', { name: 'Send the invitation' });
  await userEvent.click(send);
  await waitFor(() => expect(asked).toHaveLength(1));
  await userEvent.type(screen.getByLabelText('E-mail'), 'two@example.com');
  await userEvent.selectOptions(screen.getByLabelText('Role'), 'Admin');
  expect(screen.queryByRole('combobox', { name: 'Sees the calls of' })).not.toBeInTheDocument();
  await userEvent.click(send);
  await waitFor(() => expect(asked).toHaveLength(2));
  const companyId = 'Company:1';
  expect(asked).toEqual([
    { companyId, email: 'new@example.com', role: 'MEMBER', groupScope: ['User:31'] },
    { companyId, email: 'two@example.com', role: 'ADMIN' },
  ]);
});

test('a role is changed, and somebody removed after asking', async () => {
  const asked: unknown[] = [];
  const keep = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return done;
  };
  serveApi({ ...companyRoot(people), changeMemberRole: keep, removeMember: keep });
  openPage('/c/acme/settings/people');
  await userEvent.selectOptions(await screen.findByLabelText('Role of ada@example.com'), 'Viewer');
  expect(await screen.findByText('ada@example.com is Viewer now')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Remove: ada@example.com' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove from the company?' });
  expect(asked).toHaveLength(1);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(asked).toEqual([
    { companyId: 'Company:1', memberId: 'ada', role: 'VIEWER' },
    { companyId: 'Company:1', memberId: 'ada', keepApiKeys: false },
  ]);
});

test('the keys of who is removed go too, unless they are kept', async () => {
  const asked: unknown[] = [];
  const removeMember = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return done;
  };
  const members = [...people.members, member('bob', { apiKeyCount: 2 })];
  serveApi({ ...companyRoot({ ...people, members }), removeMember });
  openPage('/c/acme/settings/people');
  await userEvent.click(await screen.findByRole('button', { name: 'Remove: bob@example.com' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove from the company?' });
  const kept = within(dialog).getByRole('checkbox', { name: /^Keep the 2 API keys they made/ });
  expect(kept).not.toBeChecked();
  await userEvent.click(kept);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(asked).toEqual([{ companyId: 'Company:1', memberId: 'bob', keepApiKeys: true }]);
});

test('why the last owner cannot leave is said where it was asked', async () => {
  const message = 'A company needs an owner: hand it over first.';
  const leaveCompany = () => ({ userErrors: [{ field: null, code: 'LAST_OWNER', message }] });
  serveApi({ ...companyRoot(people), leaveCompany });
  openPage('/c/acme/settings/people');
  await userEvent.click(await screen.findByRole('button', { name: 'Leave: owner@example.com' }));
  const dialog = await screen.findByRole('dialog', { name: 'Leave the company?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent(message);
});

test('an invitation is revoked', async () => {
  const asked: unknown[] = [];
  const revokeInvitation = ({ input }: { input: object }) => {
    asked.push({ ...input });
    return done;
  };
  serveApi({ ...companyRoot(people), revokeInvitation });
  openPage('/c/acme/settings/people');
  const card = await screen.findByRole('region', { name: 'Invited' });
  expect(card).toHaveTextContent('Viewer · invited by owner@example.com · good until 15 Mar 2026');
  await userEvent.click(within(card).getByRole('button', { name: /^Revoke/ }));
  expect(await screen.findByText('The invitation is no longer good')).toBeInTheDocument();
  expect(asked).toEqual([{ companyId: 'Company:1', invitationId: 'i1' }]);
});

test('who may not manage people sees them and no buttons; who may not see them is told', async () => {
  serveApi(companyRoot({ ...people, viewerMay: ['READ_CALLS', 'READ_PEOPLE'] }));
  openPage('/c/acme/settings/people');
  expect(await screen.findByText('ada@example.com')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Remove/ })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /invitation/ })).not.toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Audit log' })).not.toBeInTheDocument();
});

test('without the right to see it a page says who can change that', async () => {
  serveApi(companyRoot({ viewerMay: ['READ_CALLS'] }));
  openPage('/c/acme/settings/audit');
  expect(await screen.findByRole('heading', { name: 'You may not see this' })).toBeInTheDocument();
});

test('the audit log tells who did what, says whether it is whole, and goes back further', async () => {
  const entry = (number: number) => ({
    number,
    at: '2026-03-08T14:00:00.000Z',
    actor: 'owner@example.com',
    actorId: null,
    address: '192.0.2.7',
    action: 'MEMBER_REMOVED',
    subject: `person${number}@example.com`,
    detail: null,
  });
  const audit = ({ after }: { after?: string }) => ({
    edges: [],
    nodes: after ? [entry(1)] : [entry(2)],
    pageInfo: {
      hasNextPage: !after,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: 'end',
    },
  });
  serveApi(companyRoot({ audit, auditCheck: { isWhole: true, brokenAt: null } }));
  openPage('/c/acme/settings/audit');
  expect(await screen.findByText(/removed person2@example.com/)).toBeInTheDocument();
  expect(screen.getByText('Whole and unchanged')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Older entries' }));
  expect(await screen.findByText(/removed person1@example.com/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Older entries' })).not.toBeInTheDocument();
});

test('the audit log is narrowed by the address, by a click on who did something, and cleared', async () => {
  const asked: unknown[] = [];
  const audit = ({ filter }: { filter?: { actor?: string } }) => {
    asked.push({ ...filter });
    const fits = filter?.actor !== 'nobody@example.com';
    const entry = {
      number: 1,
      at: '2026-03-08T14:00:00.000Z',
      actor: 'Nightly copy',
      address: null,
      action: 'API_KEY_REVOKED',
      subject: 'Other (tl_live_x…)',
      detail: null,
    };
    const pageInfo = { hasNextPage: false, endCursor: null };
    return { nodes: fits ? [entry] : [], pageInfo };
  };
  const members = [{ __typename: 'Member', id: 'm1', email: 'owner@example.com' }];
  serveApi(companyRoot({ audit, members, auditCheck: { isWhole: true, brokenAt: null } }));
  const { address } = openPage('/c/acme/settings/audit?who=nobody@example.com&what=keys');
  expect(await screen.findByText('No entry fits these filters.')).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({
    actor: 'nobody@example.com',
    actions: ['API_KEY_CREATED', 'API_KEY_ROTATED', 'API_KEY_REVOKED'],
  });
  await userEvent.click(screen.getByRole('button', { name: 'Clear all' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Nightly copy' }));
  expect(address()).toContain('who=Nightly');
  expect(await screen.findByRole('link', { name: 'Export' })).toHaveAttribute(
    'href',
    '/api/export/audit?company=Company%3A1&actor=Nightly+copy',
  );
});
