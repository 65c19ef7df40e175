// The list of calls while the server tells what changed.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { companyRoot, connection, makeCall, makeConversation, serveApi } from '~/testing/api';
import { serveLive } from '~/testing/live';
import { openPage } from '~/testing/open-page';

afterEach(() => {
  vi.useRealTimers();
});

const pill = (name: string) => screen.findByRole('button', { name });

async function openLive(liveUpdates = 'on') {
  const live = serveLive();
  let shown = ['1'];
  const calls = () => connection(shown.map((id) => makeCall(id)));
  const sent = serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  await live.accept(liveUpdates);
  const lists = () => sent.filter(({ query }) => query.includes('query Calls(')).length;
  // Whatever changed before the connection was there.
  await waitFor(() => expect(lists()).toBe(2));
  const show = (...ids: string[]) => {
    shown = ids;
  };
  return { live, lists, show };
}

test('a change is read once it is told, and nothing is asked for in between', async () => {
  const { live, lists, show } = await openLive();
  expect(await pill('Live')).toHaveAttribute('aria-pressed', 'true');
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lists()).toBe(2);
  show('2', '1');
  await live.notice();
  await live.notice();
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(lists()).toBe(3);
});

test('all parts of a page share one connection and one subscription', async () => {
  const { live } = await openLive();
  expect(live.connections()).toBe(1);
  // The list and its chart are made of the same.
  expect(live.subscriptions()).toBe(1);
});

test('whoever reads the list is only told how many calls are new', async () => {
  const { live, show } = await openLive();
  screen.getByRole('link', { name: /10:00:00 EDT/ }).focus();
  show('3', '2', '1');
  await live.notice();
  const more = await screen.findByRole('button', { name: '2 new calls' });
  expect(screen.queryByText('Customer 2')).not.toBeInTheDocument();
  await userEvent.click(more);
  expect(screen.getByText('Customer 3')).toBeInTheDocument();
});

test('while it is paused nothing moves, and going on reads what was missed', async () => {
  const { live, lists, show } = await openLive();
  await userEvent.keyboard('l');
  expect(await pill('Paused')).toHaveAttribute('aria-pressed', 'false');
  show('2', '1');
  await live.notice();
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lists()).toBe(2);
  vi.useRealTimers();
  await userEvent.keyboard('l');
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(await pill('Live')).toBeInTheDocument();
});

test('what the server says about its updates stands at the list', async () => {
  const { live, lists, show } = await openLive('delayed');
  expect(await pill('Delayed')).toBeInTheDocument();
  await live.ping('sampled');
  expect(await pill('Very busy')).toBeInTheDocument();
  const before = lists();
  show('2', '1');
  // When it is over, what was not told is read.
  await live.ping('on');
  expect(await pill('Live')).toBeInTheDocument();
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(lists()).toBeGreaterThan(before);
});

test('a connection that may have missed something is made again, and everything read again', async () => {
  const { live, show } = await openLive();
  await live.close(1_012);
  expect(await pill('Reconnecting')).toBeInTheDocument();
  show('2', '1');
  await live.accept();
  expect(await pill('Live')).toBeInTheDocument();
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(live.connections()).toBe(2);
});

test('without a connection the list is asked for from time to time', async () => {
  const { live, lists, show } = await openLive();
  await live.close(4_400);
  expect(await pill('Reconnecting')).toBeInTheDocument();
  show('2', '1');
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(lists()).toBeGreaterThan(2);
  expect(live.connections()).toBe(1);
});

test('an ended session is asked for again on the page', async () => {
  const { live } = await openLive();
  const refused = { errors: [{ message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } }] };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(refused), { status: 401 }));
  await live.close(4_403);
  const dialog = await screen.findByRole('dialog', { name: 'Your session has ended' });
  expect(within(dialog).getByLabelText('E-mail')).toHaveValue('owner@example.com');
});

test('a page that nobody looks at for long is told nothing, and reads what it missed', async () => {
  const { live, show } = await openLive();
  const look = (state: DocumentVisibilityState) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  };
  vi.useFakeTimers({ shouldAdvanceTime: true });
  look('hidden');
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(live.isOpen()).toBe(true);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(live.isOpen()).toBe(false);
  vi.useRealTimers();
  show('2', '1');
  look('visible');
  await live.accept();
  expect(await screen.findByText('Customer 2')).toBeInTheDocument();
  expect(await pill('Live')).toBeInTheDocument();
  expect(live.connections()).toBe(2);
});

interface Asked {
  after?: string;
  filter?: { callId?: { in: string[] } };
}

/** Two pages, of which the second holds call 1. */
async function openTwoPages() {
  const live = serveLive();
  const names: Record<string, string> = { 1: 'Customer 1', 2: 'Customer 2' };
  let head = ['2'];
  const call = (id: string) => makeCall(id, { contact: { type: 'shared', name: names[id] } });
  const calls = ({ after, filter }: Asked) => {
    const only = filter?.callId?.in;
    const page = connection((only ?? (after ? ['1'] : head)).map(call));
    const more = only === undefined && !after;
    return { ...page, pageInfo: { ...page.pageInfo, hasNextPage: more, endCursor: 'end' } };
  };
  const sent = serveApi(companyRoot({ calls }));
  openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  await live.accept();
  const again = () =>
    sent.flatMap(({ variables }) => (variables?.filter as Asked['filter'])?.callId?.in ?? []);
  // Whatever changed before the connection was there.
  await waitFor(() => expect(again()).toEqual(['1']));
  return {
    live,
    again,
    lists: () => sent.filter(({ query }) => query.includes('query Calls(')).length,
    rename: (id: string, name: string) => {
      names[id] = name;
    },
    show: (...ids: string[]) => {
      head = ids;
    },
  };
}

test('a call below the first page changes in its place once that is told', async () => {
  const { live, again, rename } = await openTwoPages();
  rename('1', 'Renamed 1');
  await live.notice('callChanged', 'Call:1');
  expect(await screen.findByText('Renamed 1')).toBeInTheDocument();
  expect(screen.queryByText('Customer 1')).not.toBeInTheDocument();
  expect(again()).toEqual(['1', '1']);
  const names = screen.getAllByText(/^(Customer|Renamed) \d$/);
  expect(names.map((name) => name.textContent)).toEqual(['Customer 2', 'Renamed 1']);
});

test('a change elsewhere reads the first page, and nothing below it', async () => {
  const { live, again, lists } = await openTwoPages();
  const before = lists();
  await live.notice('callChanged', 'Call:7');
  await waitFor(() => expect(lists()).toBe(before + 1));
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(again()).toEqual(['1']);
});

test('a call that the first page no longer holds changes too while somebody reads the list', async () => {
  const { live, again, rename, show } = await openTwoPages();
  screen.getAllByRole('link', { name: /10:00:00 EDT/ })[0]?.focus();
  show('3');
  await live.notice('callChanged', 'Call:3');
  await screen.findByRole('button', { name: '1 new call' });
  rename('2', 'Renamed 2');
  await live.notice('callChanged', 'Call:2');
  expect(await screen.findByText('Renamed 2')).toBeInTheDocument();
  expect(screen.getByText('Customer 1')).toBeInTheDocument();
  expect(again()).toEqual(['1', '2']);
});

test('while it is paused nothing below changes, and going on reads what was told', async () => {
  const { live, rename, again } = await openTwoPages();
  await userEvent.keyboard('l');
  await pill('Paused');
  rename('1', 'Renamed 1');
  await live.notice('callChanged', 'Call:1');
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(again()).toEqual(['1']);
  vi.useRealTimers();
  await userEvent.keyboard('l');
  expect(await screen.findByText('Renamed 1')).toBeInTheDocument();
});

test('a conversation below the first page changes when one of its legs does', async () => {
  const live = serveLive();
  let name = 'Customer 7';
  const conversations = ({ after, filter }: Asked) => {
    const below = makeConversation('7', { contact: { type: 'shared', name } });
    const only = filter?.callId?.in;
    const page = connection(only || after ? [below] : [makeConversation('8')]);
    const more = only === undefined && !after;
    return { ...page, pageInfo: { ...page.pageInfo, hasNextPage: more, endCursor: 'end' } };
  };
  const sent = serveApi(companyRoot({ conversations }));
  openPage('/c/acme/calls?list=conversations');
  await screen.findByText('Customer 7');
  await live.accept();
  const again = () =>
    sent.flatMap(({ variables }) => (variables?.filter as Asked['filter'])?.callId?.in ?? []);
  await waitFor(() => expect(again()).toEqual(['71']));
  name = 'Renamed 7';
  await live.notice('callChanged', 'Call:73');
  expect(await screen.findByText('Renamed 7')).toBeInTheDocument();
  expect(again()).toEqual(['71', '71']);
});
