// Live updates over the WebSocket: new calls as they happen, a pause, and a connection that breaks.
import type { WebSocketRoute } from '@playwright/test';
import { missedCall, post } from './events';
import { callRows, expect, expectAccessible, openTwoCalls, peek, test } from './support';

test('calls come over one connection, which is paused, broken and made again', async ({
  page,
  request,
  context,
}) => {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket('**/graphql/ws', (socket) => {
    sockets.push(socket);
    socket.connectToServer();
  });
  const { slug, endpoint, rows } = await openTwoCalls(page, request);
  const pill = (name: string) => page.getByRole('button', { name, exact: true });
  const ring = (name: string, number: string) =>
    post(request, endpoint, missedCall({ name, number, startedAt: Date.now() - 30_000 }));
  // A mouse that rests on the list would hold back what is new.
  await page.mouse.move(5, 5);
  await expect(pill('Live')).toBeVisible();

  await test.step('a new call appears by itself', async () => {
    await ring('Clara Example', '+12065550163');
    await expect(rows).toHaveCount(3);
    await expect(rows.first()).toContainText('Clara Example');
  });

  await test.step('whoever is in the list is told how many are new', async () => {
    await page.keyboard.press('j');
    await ring('Dmitri Invented', '+12065550151');
    const more = page.getByRole('button', { name: '1 new call' });
    await expect(more).toBeVisible();
    await expectAccessible(page);
    await more.click();
    await expect(rows).toHaveCount(4);
    await page.keyboard.press('Escape');
    await page.mouse.move(5, 5);
  });

  await test.step('paused, nothing moves; going on reads what was missed', async () => {
    const other = await context.newPage();
    await other.goto(`/c/${slug}/calls`);
    await expect(callRows(other)).toHaveCount(4);
    await page.keyboard.press('l');
    await expect(pill('Paused')).toBeVisible();
    await ring('Emil Fictional', '+12065550104');
    // The other tab has heard of it, so this one has too.
    await expect(callRows(other)).toHaveCount(5);
    await other.close();
    await expect(rows).toHaveCount(4);
    await expectAccessible(page);
    await page.keyboard.press('l');
    await expect(rows).toHaveCount(5);
  });

  await test.step('a broken connection is made again, and what happened meanwhile is read', async () => {
    const before = sockets.length;
    await sockets.at(-1)?.close({ code: 1012, reason: 'Changes may be missing' });
    await expect(pill('Reconnecting')).toBeVisible();
    await ring('Fatima Invented', '+12065550198');
    await expect(rows).toHaveCount(6);
    await expect(pill('Live')).toBeVisible();
    expect(sockets.length).toBe(before + 1);
  });
});

test('an open call grows by itself', async ({ page, request }) => {
  const { endpoint, rows } = await openTwoCalls(page, request);
  const [ringing, ...rest] = missedCall({ name: 'Clara Example', number: '+12065550163' });
  if (!ringing) throw new Error('a missed call begins with its ringing');
  await post(request, endpoint, [ringing]);
  await rows.filter({ hasText: 'Clara Example' }).getByRole('link').click();
  const title = peek(page).getByRole('heading', { level: 2 }).first();
  await expect(title).toHaveText('Inbound call in progress');
  await post(request, endpoint, rest);
  await expect(title).toHaveText('Missed inbound call');
});
