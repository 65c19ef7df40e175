// Views under a name: opened, changed, saved, put back, named, shared, deleted.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';
// It is loaded when the page asks for it; what that takes is not what is tested.
import './view-strip';
import { writeContent } from './views';

const content = writeContent({ search: { q: 'ada' }, columns: ['customer', 'hold'] });

function makeView(id: string, changes: Record<string, unknown> = {}) {
  return {
    __typename: 'SavedView',
    id,
    name: `View ${id}`,
    content,
    isShared: false,
    isOwn: true,
    viewerMayChange: true,
    madeBy: 'owner@example.com',
    ...changes,
  };
}

type View = ReturnType<typeof makeView>;

/** A server that keeps the views it is given, and remembers what it was asked to do. */
function serveViews(views: View[], fields: Record<string, unknown> = {}) {
  const asked: Record<string, unknown>[] = [];
  const keep =
    (change: (input: Record<string, unknown>) => object) =>
    ({ input }: { input: Record<string, unknown> }) => {
      asked.push({ ...input });
      return { userErrors: [], ...change(input) };
    };
  serveApi({
    ...companyRoot({
      calls: connection([makeCall('1')]),
      savedViews: () => [...views],
      ...fields,
    }),
    createSavedView: keep((input) => {
      const view = makeView('new', { ...input });
      views.push(view);
      return { savedView: view };
    }),
    updateSavedView: keep(({ viewId, companyId, ...changes }) => {
      const view = views.find(({ id }) => id === viewId);
      return { savedView: view && Object.assign(view, changes) };
    }),
    deleteSavedView: keep(({ viewId }) => {
      views.splice(0, views.length, ...views.filter(({ id }) => id !== viewId));
      return {};
    }),
  });
  return asked;
}

const tab = (name: RegExp | string) =>
  within(screen.getByRole('navigation', { name: 'Views' })).findByRole('link', { name });

test('the standard views are tabs, and their question is the address', async () => {
  serveViews([]);
  const { address } = openPage('/c/acme/calls');
  await screen.findByRole('navigation', { name: 'Views' });
  expect(await tab('All')).toHaveAttribute('aria-current', 'page');
  await userEvent.click(await tab('In progress'));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?outcome=ongoing'));
  expect(await tab('In progress')).toHaveAttribute('aria-current', 'page');
  expect(await tab('All')).not.toHaveAttribute('aria-current');
});

test('a saved view brings its question and columns; what is changed is saved or put back', async () => {
  const asked = serveViews([makeView('v1')]);
  const { address } = openPage('/c/acme/calls');
  await screen.findByRole('navigation', { name: 'Views' });
  await userEvent.click(await tab('View v1'));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada&view=v1'));
  expect(await screen.findByRole('columnheader', { name: 'On hold' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Reset' })).not.toBeInTheDocument();

  await userEvent.click(screen.getByRole('button', { name: 'Time' }));
  expect(await tab(/^View v1 ?changed$/)).toHaveAttribute('aria-current', 'page');
  await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada&view=v1'));

  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Call id' }));
  await userEvent.keyboard('{Escape}');
  await userEvent.click(await screen.findByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull());
  expect(asked).toEqual([
    {
      companyId: 'Company:1',
      viewId: 'v1',
      content: '{"search":{"q":"ada"},"columns":["customer","hold","callId"]}',
    },
  ]);
  expect(screen.getByRole('columnheader', { name: 'Call id' })).toBeInTheDocument();
  // Other views keep the columns one has chosen for oneself.
  await userEvent.click(await tab('All'));
  await waitFor(() => expect(screen.queryByRole('columnheader', { name: 'Call id' })).toBeNull());
});

test('what is on the page becomes a view, which needs a name', async () => {
  const asked = serveViews([]);
  const { address } = openPage('/c/acme/calls?outcome=missed&range=7d');
  await userEvent.click(await screen.findByRole('button', { name: 'Save view' }));
  const dialog = await screen.findByRole('dialog', { name: 'Save this view' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save the view' }));
  expect(within(dialog).getByText('Say what the view is called.')).toBeInTheDocument();
  await userEvent.type(within(dialog).getByLabelText('Name'), 'Missed this week');
  await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Share with everybody' }));
  await userEvent.keyboard('{Enter}');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save the view' }));
  await waitFor(() => expect(address()).toContain('view=new'));
  expect(await tab(/^shared ?Missed this week$/)).toHaveAttribute('aria-current', 'page');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ name: 'Missed this week', isShared: true });
});

test('a name that the server refuses is said at the field', async () => {
  serveApi({
    ...companyRoot({ calls: connection([makeCall('1')]) }),
    createSavedView: {
      savedView: null,
      userErrors: [
        { __typename: 'UserError', field: ['name'], code: 'INVALID', message: 'Not such a name.' },
      ],
    },
  });
  openPage('/c/acme/calls?q=ada');
  await userEvent.click(await screen.findByRole('button', { name: 'Save view' }));
  const name = await screen.findByLabelText('Name');
  await userEvent.type(name, 'x{Enter}');
  await waitFor(() => expect(name).toHaveAccessibleDescription('Not such a name.'));
  expect(name).toHaveFocus();
});

test('a view is renamed, shared and deleted by who may', async () => {
  const asked = serveViews([makeView('v1')]);
  const { address } = openPage('/c/acme/calls?q=ada&view=v1');
  const choose = async (view: string, item: string) => {
    await userEvent.click(
      await screen.findByRole('button', { name: `More about the view ${view}` }),
    );
    await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  };
  await choose('View v1', 'Rename…');
  const name = await screen.findByLabelText('Name');
  expect(name).toHaveValue('View v1');
  await userEvent.clear(name);
  await userEvent.type(name, 'Ada{Enter}');
  expect(await tab('Ada')).toHaveAttribute('aria-current', 'page');
  await choose('Ada', 'Share with everybody');
  expect(await tab(/^shared ?Ada$/)).toHaveAttribute('title', 'Shared by owner@example.com');
  await choose('Ada', 'Delete…');
  const dialog = await screen.findByRole('dialog', { name: 'Delete this view?' });
  expect(dialog).toHaveTextContent('gone for everybody in the company');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete the view' }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada'));
  await waitFor(() => expect(screen.queryByRole('link', { name: /Ada$/ })).toBeNull());
  expect(asked.map(({ companyId, viewId, ...rest }) => rest)).toEqual([
    { name: 'Ada' },
    { isShared: true },
    {},
  ]);
});

test('what others share is not changed by who may not, but becomes a view of one’s own', async () => {
  const shared = { isShared: true, isOwn: false, viewerMayChange: false };
  serveViews([makeView('v1', shared)], { viewerMay: ['READ_CALLS'] });
  openPage('/c/acme/calls?q=boris&view=v1');
  await userEvent.click(await screen.findByRole('button', { name: 'Save as…' }));
  expect(screen.queryByRole('button', { name: 'Save' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^More about/ })).not.toBeInTheDocument();
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).queryByRole('checkbox')).not.toBeInTheDocument();
});

test('a link to a view that is not there says so and shows what it says', async () => {
  serveViews([]);
  openPage('/c/acme/calls?q=ada&view=gone');
  expect(await screen.findByText(/The view of this link was deleted/)).toBeInTheDocument();
  expect(screen.getByText('Customer 1')).toBeInTheDocument();
});

test('without saved views the calls are there, and asking again helps', async () => {
  let down = true;
  serveViews([], {
    savedViews: () => {
      if (down) throw apiError('Trunkline cannot reach its database.', { code: 'UNAVAILABLE' });
      return [makeView('v1')];
    },
  });
  openPage('/c/acme/calls');
  expect(await screen.findByText(/Saved views could not be loaded/)).toBeInTheDocument();
  expect(screen.getByText('Customer 1')).toBeInTheDocument();
  down = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await tab('View v1')).toBeInTheDocument();
  expect(screen.queryByText(/could not be loaded/)).not.toBeInTheDocument();
});
