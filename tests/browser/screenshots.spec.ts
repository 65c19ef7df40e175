// Pictures of every page for people to look at; no check of its own.
import {
  answeredCall,
  type CallOptions,
  missedCall,
  post,
  queueCall,
  ringingCall,
} from './events';
import { CLIENT, OpenIdProvider } from './openid-provider';
import { expect, mailedPage, newAccount, readEndpoint, signUp, test } from './support';

const directory = process.env.SCREENSHOTS_DIR;
test.skip(!directory, 'SCREENSHOTS_DIR is not set');

/** What a screen shows of it, and not the whole length. */
const AS_SEEN = new Set([
  'calls',
  'calls-filtered',
  'calls-paused',
  'calls-scoped',
  'calls-peek',
  'calls-suggestions',
  'conversations',
  'export',
  'palette',
  'people-scope',
  'api',
  'api-schema',
]);
const MINUTE_MS = 60_000;
const CALLERS: CallOptions[] = [
  { name: 'Ada Example', number: '+12065550142' },
  { name: 'Boris Sample', number: '+12065550177', person: 'Noor Placeholder' },
  { name: '(206) 555-0119', number: '+12065550119' },
  { name: 'Clara Outbound', number: '+12065550163', direction: 'outbound' },
  { name: 'A Company With A Rather Long Name That Does Not End Soon Ltd', number: '+12065550188' },
  { name: 'Dmitri Invented', number: '+12065550151', person: 'Noor Placeholder' },
];

test('pictures', async ({ page, request }) => {
  test.setTimeout(300_000);
  await shoot('signup', async () => {
    await page.goto('/signup');
    await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  });

  for (const name of [
    'forgot-password',
    'reset-password',
    'verify-email',
    'change-email',
    'undo-email-change',
    'single-sign-on',
  ]) {
    await shoot(name, async () => {
      await page.goto(`/${name}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });
  }

  const account = newAccount();
  const slug = await signUp(page, account);
  await shoot('setup-waiting', async () => {
    await page.goto(`/c/${slug}/setup`);
    await expect(page.getByText('Waiting for the first event')).toBeVisible();
  });
  await shoot('calls-empty', async () => {
    await page.goto(`/c/${slug}/calls`);
    await expect(page.getByRole('heading', { name: 'No calls yet' })).toBeVisible();
  });

  await page.goto(`/c/${slug}/setup`);
  const endpoint = await readEndpoint(page);
  await post(request, { ...endpoint, secret: 'wrong' }, missedCall());
  await shoot('setup-refused', async () => {
    await page.goto(`/c/${slug}/setup`);
    await expect(page.getByText('The signature does not match.', { exact: true })).toBeVisible();
  });

  for (let index = 60; index > 0; index -= 1) {
    const caller = CALLERS[index % CALLERS.length] ?? {};
    const call = { ...caller, startedAt: Date.now() - index * 47 * MINUTE_MS };
    await post(request, endpoint, index % 3 === 0 ? missedCall(call) : answeredCall(call));
  }
  const queued = queueCall({ name: 'Fatima Invented', number: '+12065550198' }, ['Noor Placeholder']);
  await post(request, endpoint, queued);
  await post(request, endpoint, ringingCall({ name: 'Emil Fictional', number: '+12065550104' }));

  await shoot('setup-done', async () => {
    await page.goto(`/c/${slug}/setup`);
    await expect(page.getByText('Verified: the signature matches')).toBeVisible();
  });
  await shoot('calls', async () => {
    await page.goto(`/c/${slug}/calls`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
  });
  await shoot('calls-filtered', async () => {
    await page.goto(`/c/${slug}/calls?q=ada&dir=inbound&outcome=missed,answered&range=7d`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
  });
  await shoot('conversations', async () => {
    await page.goto(`/c/${slug}/calls?list=conversations`);
    await page.locator('button[data-call-link]').first().click();
    await expect(page.locator('tr:has(ul)').getByRole('link').last()).toBeVisible();
  });
  await shoot('export', async () => {
    await page.goto(`/c/${slug}/calls?q=ada&outcome=missed,answered&range=7d`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog', { name: 'Export calls' })).toBeVisible();
  });
  await shoot('calls-paused', async () => {
    await page.goto(`/c/${slug}/calls`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
    await page.keyboard.press('l');
    await expect(page.getByRole('button', { name: 'Paused' })).toBeVisible();
  });
  await shoot('settings-security', async () => {
    await page.goto(`/c/${slug}/settings/security`);
    await expect(page.getByText('This session')).toBeVisible();
  });
  await page.goto(await mailedPage(account.email));
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await expect(page.getByText('Thank you, your address is confirmed.')).toBeVisible();
  await page.goto(`/c/${slug}/settings/people`);
  for (const role of ['Admin', 'Viewer']) {
    await page.getByLabel('E-mail').fill(account.email.replace('owner', role.toLowerCase()));
    await page.getByLabel('Role').selectOption(role);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await expect(page.getByRole('button', { name: /^Revoke/ })).toHaveCount(
      role === 'Admin' ? 1 : 2,
    );
  }
  await shoot('settings-company', async () => {
    await page.goto(`/c/${slug}/settings/company`);
    await expect(page.getByRole('region', { name: 'A second factor for everybody' })).toBeVisible();
  });
  await shoot('settings-people', async () => {
    await page.goto(`/c/${slug}/settings/people`);
    await expect(page.getByRole('button', { name: /^Revoke/ })).toHaveCount(2);
  });
  await page.goto(`/c/${slug}/settings/company`);
  const card = page.getByRole('region', { name: 'Single sign-on' });
  const callback = card.locator('code').first();
  await expect(callback).toHaveText(/\/auth\/sso\/callback\//);
  const provider = await OpenIdProvider.start(await callback.innerText());
  await provider.says({ sub: 'noor', email: 'noor@northwind.example', email_verified: true });
  await card.getByLabel('Issuer').fill(provider.issuer);
  await card.getByLabel('Client ID').fill(CLIENT.id);
  await card.getByLabel('Client secret').fill(CLIENT.secret);
  await card.getByLabel('E-mail domains').fill('northwind.example');
  await card.getByRole('combobox', { name: 'They see the calls of' }).click();
  await page.getByRole('option', { name: 'Orders' }).click();
  await page.getByRole('option', { name: 'Noor Placeholder' }).click();
  await page.keyboard.press('Escape');
  await card.getByRole('button', { name: 'Set up single sign-on' }).click();
  await expect(card.getByText('Saved. The provider answers.')).toBeVisible();
  const owner = await page.context().cookies();
  await page.context().clearCookies();
  await page.goto(`/single-sign-on?company=${slug}`);
  await page.getByRole('button', { name: 'Go on to your provider' }).click();
  await page.waitForURL(`/c/${slug}/calls`);
  provider.stop();
  await shoot('calls-scoped', async () => {
    await page.goto(`/c/${slug}/calls`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
  });
  await shoot('security-single-sign-on', async () => {
    await page.goto(`/c/${slug}/settings/security`);
    await expect(page.getByText('You are here by single sign-on')).toBeVisible();
  });
  await page.context().clearCookies();
  await page.context().addCookies(owner);
  await shoot('single-sign-on-set', async () => {
    await page.goto(`/c/${slug}/settings/company`);
    await expect(card.getByRole('button', { name: 'Save single sign-on' })).toBeVisible();
  });
  await shoot('people-scope', async () => {
    await page.goto(`/c/${slug}/settings/people`);
    await page.getByRole('button', { name: 'Calls: noor@northwind.example' }).click();
    await expect(page.getByRole('dialog', { name: 'Whose calls are seen?' })).toBeVisible();
  });
  await page.goto(`/c/${slug}/settings/keys`);
  await page.getByLabel('Name').fill('Nightly copy');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.getByTestId('api-key')).toBeVisible();
  await shoot('settings-keys', async () => {
    await page.goto(`/c/${slug}/settings/keys`);
    await expect(page.getByRole('button', { name: /^Revoke/ })).toBeVisible();
  });
  await shoot('settings-audit', async () => {
    await page.goto(`/c/${slug}/settings/audit`);
    await expect(page.getByText('Whole and unchanged')).toBeVisible();
  });
  const invitation = await mailedPage(account.email.replace('owner', 'admin'));
  await shoot('invitation', async () => {
    await page.goto('/signup');
    await page.goto(invitation);
    await expect(page.getByLabel('Choose a password')).toBeVisible();
  });
  await shoot('calls-no-match', async () => {
    await page.goto(`/c/${slug}/calls?q=nobody&dir=inbound&range=7d`);
    await expect(page.getByRole('heading', { name: 'No call matches' })).toBeVisible();
  });

  await shoot('calls-suggestions', async () => {
    await page.goto(`/c/${slug}/calls`);
    await page.getByRole('combobox', { name: 'Search calls' }).fill('outcome:');
    await expect(page.getByRole('option', { name: /^missed/ })).toBeVisible();
  });
  await shoot('palette', async () => {
    await page.goto(`/c/${slug}/calls`);
    await expect(page.locator('[data-call-link]').first()).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command or call' }).fill('555-0177');
    await expect(page.getByRole('option', { name: /Boris Sample/ }).first()).toBeVisible();
  });
  await shoot('api', async () => {
    await page.goto(`/c/${slug}/api`);
    await page.getByRole('button', { name: 'Counts by outcome' }).click();
    await expect(page.getByText('HTTP 200')).toBeVisible();
  });
  await shoot('api-schema', async () => {
    await page.goto(`/c/${slug}/api`);
    await page.getByRole('tab', { name: 'Schema' }).click();
    await page.getByRole('searchbox', { name: 'Search the schema' }).fill('callFacets');
  });

  await shoot('deliveries', async () => {
    await page.goto(`/c/${slug}/deliveries`);
    await expect(page.locator('[data-delivery-link]').first()).toBeVisible();
  });
  await page.goto(`/c/${slug}/deliveries?st=rejected`);
  await page.getByRole('button', { name: /Signature does not match/ }).click();
  const refused = await page.locator('a[data-delivery-link]').first().getAttribute('href');
  await shoot('delivery-refused', async () => {
    await page.goto(refused ?? '/');
    await expect(page.getByText('Unverified.')).toBeVisible();
  });

  await shoot('calls-peek', async () => {
    await page.goto(`/c/${slug}/calls?outcome=answered`);
    await page.locator('[data-call-link]').nth(2).click();
    await expect(page.getByText('The call ended')).toBeVisible();
  });
  await page.goto(`/c/${slug}/calls?outcome=answered`);
  const link = await page.locator('[data-call-link]').first().getAttribute('href');
  await shoot('call', async () => {
    await page.goto(link ?? '/');
    await expect(page.getByText('The call ended')).toBeVisible();
  });

  await page.goto(`/c/${slug}/settings/company`);
  const end = page.getByRole('region', { name: 'Delete the company' });
  await end.getByLabel('Type its name').fill(account.company);
  await end.getByLabel('Your password').fill(account.password);
  await end.getByRole('button', { name: 'Delete company' }).click();
  await shoot('company-ends', async () => {
    await page.goto(`/c/${slug}/settings/company`);
    await expect(page.getByRole('region', { name: 'The end of the company' })).toBeVisible();
  });

  async function shoot(name: string, open: () => Promise<void>) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 860 });
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await open();
        await page.screenshot({
          path: `${directory}/${name}-${width}-${scheme}.png`,
          fullPage: !AS_SEEN.has(name),
        });
      }
    }
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }
});
