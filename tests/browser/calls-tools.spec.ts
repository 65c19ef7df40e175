// What the list of calls offers beside its rows: columns, actions on values, links, and a way out
// when nothing matches, when the search is slow, when the connection or the session is gone.
import { missedCall, post } from './events';
import {
  expect,
  expectAccessible,
  newAccount,
  openTwoCalls,
  readEndpoint,
  signUp,
  test,
} from './support';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('columns, actions on values, links and ways out', async ({ page, request, context, guard }) => {
  const { account, slug, endpoint, rows } = await openTwoCalls(page, request);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  await test.step('columns', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Call id' }).click();
    await page.getByRole('checkbox', { name: 'On hold' }).click();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(page.getByRole('columnheader', { name: 'Call id' })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a value is left out, and a number followed', async () => {
    await rows.getByText('Missed').click({ button: 'right' });
    await expectAccessible(page);
    await page.getByRole('menuitem', { name: 'All but this: Missed' }).click();
    await expect(rows).toHaveCount(1);
    await expect(page).toHaveURL(/\?q=-outcome:missed$/);
    await page.goBack();
    await expect(rows).toHaveCount(2);
    await page.getByRole('button', { name: 'Filter by, copy: Boris Sample' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /^All calls with this number/ }).click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('Boris Sample');
    await page.goBack();
  });

  await test.step('a link that stays what it is', async () => {
    await page.goto(`/c/${slug}/calls?range=24h`);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expectAccessible(page);
    await page.getByRole('menuitem', { name: /^Copy frozen link/ }).click();
    await expect(page.getByText('Copied the link')).toBeVisible();
    await page.goto(await clipboard());
    await expect(page).toHaveURL(/from=.*&to=/);
    await expect(rows).toHaveCount(2);
  });

  await test.step('nothing matches: the filter that is the cause goes', async () => {
    await page.goto(`/c/${slug}/calls?q=nobody&dir=inbound`);
    await expect(page.getByText('It is “nobody” that leaves nothing')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove nobody 2 calls' }).click();
    await expect(rows).toHaveCount(2);
    // A mouse that rests on the list would hold back what is new.
    await page.mouse.move(5, 5);
  });

  await test.step('without a connection what is there stays, and is renewed afterwards', async () => {
    guard.allow(/net::ERR_INTERNET_DISCONNECTED/);
    await context.setOffline(true);
    await expect(page.getByText('You are offline.')).toBeVisible();
    await expect(rows).toHaveCount(2);
    await context.setOffline(false);
    await post(request, endpoint, missedCall({ name: 'Clara Example', number: '+12065550163' }));
    await expect(page.getByText('You are offline.')).toBeHidden();
    await expect(rows).toHaveCount(3);
  });

  await test.step('a search that is slow is left and taken up again', async () => {
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('query Calls(')) await gate;
      await route.continue().catch(() => {});
    });
    await page.getByRole('combobox', { name: 'Search calls' }).fill('boris');
    await expect(page.getByText('Still searching…')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('The search was cancelled.')).toBeVisible();
    finish();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Search again' }).click();
    await expect(rows).toHaveCount(1);
  });

  await test.step('a session that ends is renewed on the spot', async () => {
    guard.allow(/status of 401/);
    await context.clearCookies();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByLabel('E-mail')).toHaveValue(account.email);
    await expectAccessible(page);
    await dialog.getByRole('textbox', { name: 'Password' }).fill(account.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await expect(dialog).toBeHidden();
    await expect(rows).toHaveCount(1);
    await expect(page).toHaveURL(/\?q=boris&dir=inbound$/);
  });
});

test('on a phone the filters take one row, which is pushed aside', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const slug = await signUp(page, newAccount());
  await post(request, await readEndpoint(page), missedCall());
  await page.goto(`/c/${slug}/calls?dir=inbound&outcome=missed`);
  const filters = page.getByRole('region', { name: 'Filters' });
  await expect(page.locator('[data-call-link]')).toHaveCount(1);
  expect((await filters.boundingBox())?.height).toBeLessThan(50);
  await filters.getByRole('button', { name: 'Clear all' }).click();
  await expect(page).toHaveURL(`/c/${slug}/calls`);
  // Rows of the question before are dimmed until the answer comes.
  await expect(page.locator('[data-stale="true"]')).toHaveCount(0);
  await expectAccessible(page);
});
