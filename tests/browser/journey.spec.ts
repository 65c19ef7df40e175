// From signing up to reading a call, against the real server: what a company's first hour looks like.
import { answeredCall, missedCall, post, ringingCall } from './events';
import { expect, expectAccessible, newAccount, peek, readEndpoint, signUp, test } from './support';

test('a company connects, its calls appear by themselves, and are found again', async ({
  page,
  request,
  guard,
}) => {
  const slug = await signUp(page, newAccount());
  await expect(page).toHaveTitle(/Waiting for the first event · Set-up/);
  const status = page.getByRole('complementary', { name: 'What we have received' });
  await expect(status.getByText('Waiting for the first event')).toBeVisible();
  const endpoint = await readEndpoint(page);
  expect(endpoint.requestUrl).toMatch(/^https?:\/\//);
  expect(endpoint.secret.length).toBeGreaterThan(15);
  await expectAccessible(page);

  await page.goto(`/c/${slug}/calls`);
  await expect(page.getByText('Waiting for your first event from Dialpad.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No calls yet' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Open set-up' }).click();

  await test.step('the set-up page notices the first event without a reload', async () => {
    await expect(status.getByText('Waiting for the first event')).toBeVisible();
    const first = answeredCall({ name: 'Ada Example', number: '+12065550142' });
    expect(await post(request, endpoint, first)).toEqual([200, 200, 200]);
    await expect(status.getByText(/^Received \d\d:\d\d:\d\d/)).toBeVisible();
    await expect(status.getByText('Verified: the signature matches')).toBeVisible();
    await expect(status.getByRole('link', { name: 'Ada Example' })).toBeVisible();
  });

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Calls' }).click();
  const rows = page.locator('tbody tr:has([data-call-link])');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('Ada Example');
  await expect(rows.first()).toContainText('(206) 555-0142');
  await expect(rows.first()).toContainText('Answered');
  await expect(page.getByText('Waiting for your first event from Dialpad.')).toBeHidden();

  await test.step('another call appears live and changes in place', async () => {
    const ringing = ringingCall({ name: 'Boris Sample', number: '+12065550177' });
    await post(request, endpoint, ringing);
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('Boris Sample');
    await expect(rows.first()).toContainText('In progress');
    await post(request, endpoint, [
      {
        ...ringing[0]!,
        state: 'hangup',
        date_rang: ringing[0]!.date_first_rang,
        date_ended: Date.now(),
        duration: 0,
        total_duration: 9_000,
        event_timestamp: Date.now(),
      },
    ]);
    await expect(rows.first()).toContainText('Missed');
  });

  await test.step('new calls wait while somebody reads', async () => {
    await page.keyboard.press('j');
    await expect(rows.first().getByRole('link')).toBeFocused();
    const outbound = { name: 'Clara Outbound', number: '+12065550163' };
    await post(
      request,
      endpoint,
      answeredCall({ ...outbound, direction: 'outbound', startedAt: Date.now() - 160_000 }),
    );
    await page.getByRole('button', { name: '1 new call' }).click();
    await expect(rows).toHaveCount(3);
  });
  await expectAccessible(page);

  const search = page.getByRole('combobox', { name: 'Search calls' });
  await test.step('last digits find a call', async () => {
    await page.keyboard.press('/');
    await expect(search).toBeFocused();
    await search.fill('0177');
    await expect(page).toHaveURL(/[?&]q=0177/);
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText('Boris Sample');
    await expect(page.getByText('1 matching')).toBeVisible();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await expect(rows).toHaveCount(3);
  });

  await test.step('a wrong term is explained and the rows stay', async () => {
    guard.allow(/^console: Failed to load resource: .*status of 400/);
    await search.fill('colour:blue');
    await expect(page.locator('#search-problem')).toBeVisible();
    await expect(rows).toHaveCount(3);
    await expectAccessible(page);
    await search.fill('');
    await expect(page.locator('#search-problem')).toBeHidden();
  });

  await test.step('a filter narrows the list and is part of the address', async () => {
    await page.getByRole('button', { name: 'Direction' }).click();
    await page.getByRole('checkbox', { name: 'Outbound' }).check();
    await expect(page).toHaveURL(/[?&]dir=outbound/);
    await expect(rows).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page).toHaveTitle(/^Outbound · Calls/);
  });

  await test.step('a call opens, and back and reload keep the view', async () => {
    await rows.first().getByRole('link').click();
    await expect(peek(page).getByRole('heading', { name: /call$/ })).toHaveText(
      'Answered outbound call',
    );
    await expect(page).toHaveURL(/[?&]call=\d+$/);
    await expectAccessible(page);
    await page.keyboard.press('o');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Answered outbound call/);
    await expect(page.getByText('Clara Outbound').first()).toBeVisible();
    await expect(page.getByText('The call ended')).toBeVisible();
    await page.getByText('Raw events').click();
    await page.locator('summary').last().click();
    await expect(page.locator('details[open] pre')).toContainText('"state": "hangup"');
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Answered outbound call/);
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/[?&]dir=outbound/);
    await expect(rows).toHaveCount(1);
    await page.reload();
    await expect(rows).toHaveCount(1);
    await expect(page.getByRole('button', { name: /Direction: Outbound/ })).toBeVisible();
  });

  await test.step('what is not there or not yours looks the same', async () => {
    await page.goto(`/c/${slug}/calls/999`);
    await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    await page.goto('/c/some-other-company/calls');
    await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    await expectAccessible(page);
  });
});

test('a wrong secret is shown with its fix while the person watches', async ({ page, request }) => {
  await signUp(page, newAccount());
  const endpoint = await readEndpoint(page);
  const status = page.getByRole('complementary', { name: 'What we have received' });
  await post(request, { ...endpoint, secret: 'not the secret at all' }, missedCall());
  await expect(status.getByText('The signature does not match.')).toBeVisible();
  await expect(status.getByText(/The secret in Dialpad is not the one shown here/)).toBeVisible();
  await expect(page).toHaveTitle(/Event refused/);
  await expectAccessible(page);

  await page.getByRole('textbox', { name: 'Own secret' }).fill('a secret that Dialpad had before');
  await page.getByRole('button', { name: 'Replace secret' }).click();
  await expect(page.getByText('Replaced.')).toBeVisible();
  const replaced = { ...endpoint, secret: 'a secret that Dialpad had before' };
  expect(await post(request, replaced, missedCall())).toEqual([200, 200, 200]);
  await expect(status.getByText('Verified: the signature matches')).toBeVisible();
  await expect(status.getByText('The signature does not match.')).toBeHidden();
});

test('a test call travels the whole way', async ({ page }) => {
  await signUp(page, newAccount());
  await page.getByRole('button', { name: 'Send a test call' }).click();
  await expect(page.getByText('200 accepted').first()).toBeVisible();
  await page.getByRole('link', { name: 'Open the test call' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/call/);
});

test('account forms explain themselves', async ({ page }) => {
  const account = newAccount();
  await page.goto('/signup');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Enter the name of your company.')).toBeVisible();
  await expect(page.getByLabel('Company name')).toBeFocused();
  await expectAccessible(page);

  const slug = await signUp(page, account);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/signin$/);
  await expectAccessible(page);

  await page.goto(`/signin?next=${encodeURIComponent(`/c/${slug}/setup`)}`);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**/c/${slug}/setup`);
});

test('hostile text stays text and the layout holds', async ({ page, request }) => {
  const slug = await signUp(page, newAccount('Söhne & Co Example'));
  const endpoint = await readEndpoint(page);
  const names = [
    '<img src=x onerror=alert(1)>',
    `\u202Egnp.exe ${'x'.repeat(40)}`,
    'Z\u200Be\u200Br\u200Bo\u200BWidth',
    'long '.repeat(1_000),
    'w'.repeat(5_000),
  ];
  for (const [index, name] of names.entries()) {
    const number = `+1206555011${index}`;
    await post(
      request,
      endpoint,
      missedCall({ name, number, person: name, startedAt: Date.now() - index * 60_000 - 60_000 }),
    );
  }
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`/c/${slug}/calls`);
    await expect(page.locator('[data-call-link]')).toHaveCount(names.length);
    await expect(page.getByText('<img src=x onerror=alert(1)>').first()).toBeVisible();
    await expectNoSideScroll(page);
    for (const row of await page.locator('tbody tr:has([data-call-link])').all()) {
      expect((await row.boundingBox())?.height).toBeLessThan(100);
    }
    await page.locator('[data-call-link]').last().focus();
    if (width === 1280) {
      await page.keyboard.press(' ');
      await expect(peek(page).getByRole('heading', { name: /call$/ })).toBeVisible();
      await expectNoSideScroll(page);
    }
    await page.keyboard.press('o');
    await page.waitForURL(/\/calls\/\d+$/);
    // The heading of the list may still be there when the address has changed already.
    await expect(page.getByRole('heading', { level: 1, name: /call$/ })).toBeVisible();
    await expectNoSideScroll(page);
    await expectAccessible(page);
  }

  async function expectNoSideScroll(on: typeof page) {
    const extra = await on.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(extra).toBe(0);
  }
});

test('everything that opens over a page is accessible and closes with Escape', async ({
  page,
  request,
}) => {
  const slug = await signUp(page, newAccount());
  await post(request, await readEndpoint(page), missedCall());
  await page.getByRole('tab', { name: 'With the API' }).click();
  await expect(page.getByText('curl --request POST').first()).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/c/${slug}/calls`);
  const row = page.locator('[data-call-link]');
  await expect(row).toHaveCount(1);
  for (const name of ['Outcome', 'State', 'Date', 'How to search', 'Colour scheme']) {
    const opener = page.getByRole('button', { name, exact: true });
    await opener.click();
    await expect(opener).toHaveAttribute('aria-expanded', 'true');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(opener).toHaveAttribute('aria-expanded', 'false');
  }

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await test.step('by keyboard into a call and back to its row', async () => {
    await page.keyboard.press('j');
    await expect(row).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(peek(page)).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(peek(page)).toBeHidden();
    await expect(row).toBeFocused();
    await page.keyboard.press('o');
    await expect(page.getByRole('heading', { level: 1, name: /call$/ })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(row).toBeFocused();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(/\/setup$/);
  });

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Menu' }).click();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('link', { name: 'Calls' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
});
