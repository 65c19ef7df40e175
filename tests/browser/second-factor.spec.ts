// A second factor, from setting it up to signing in with a code of the app and with a recovery code.
import { createHmac } from 'node:crypto';
import type { Locator } from '@playwright/test';
import { expect, expectAccessible, mailedPage, newAccount, signUp, test } from './support';

const STEP_MS = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows for a key, so many steps from now. */
function codeOf(key: string, steps = 0): string {
  const bits = [...key.replaceAll(/\s/g, '').toUpperCase()]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a second factor is set up, asked for, and a recovery code takes its place', async ({
  page,
}) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  await page.goto(`/c/${slug}/settings/security`);
  const factor = page.getByRole('region', { name: 'Second factor' });
  await factor.getByLabel('Your password').fill(account.password);
  await factor.getByRole('button', { name: 'Set it up' }).click();
  const key = await factor.getByTestId('second-factor-key').innerText();
  await expect(factor.getByRole('img', { name: 'QR code for the app' })).toBeVisible();
  await expectAccessible(page);
  await factor.getByLabel('Code').fill(codeOf(key));
  await factor.getByRole('button', { name: 'Turn it on' }).click();
  const codes = factor.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const recovery = await codes.first().innerText();
  await expectAccessible(page);
  await factor.getByRole('button', { name: 'I have saved them' }).click();
  await expect(factor.getByText('10 recovery codes are left')).toBeVisible();

  const givePassword = async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/signin/);
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(account.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await test.step('a code of the app is sent as soon as it is whole', async () => {
    await givePassword();
    await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
    await expectAccessible(page);
    // The code of before was used up.
    await page.getByLabel('Code', { exact: true }).fill(codeOf(key, 1));
    await page.waitForURL(/\/c\/[^/]+\//);
  });
  await test.step('without the app a recovery code does', async () => {
    await givePassword();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recovery);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/c\/[^/]+\//);
    await page.goto(`/c/${slug}/settings/security`);
    await expect(factor.getByText('9 recovery codes are left')).toBeVisible();
  });
});

test('who is barred for want of one sets it up and goes on where they wanted to be', async ({
  page,
  browser,
}) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  const email = account.email.replace('owner', 'ada');
  const password = 'a long enough password';
  const context = await browser.newContext();
  const other = await context.newPage();

  await test.step('somebody joins', async () => {
    await page.goto(await mailedPage(account.email));
    await page.getByRole('button', { name: 'Confirm my address' }).click();
    await expect(page.getByText('Thank you, your address is confirmed.')).toBeVisible();
    await page.goto(`/c/${slug}/settings/people`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await expect(page.getByRole('region', { name: 'Invited' })).toContainText(email);
    await other.goto(await mailedPage(email));
    await other.getByRole('textbox', { name: 'Choose a password' }).fill(password);
    await other.getByRole('button', { name: 'Create account and join' }).click();
    await other.waitForURL(`/c/${slug}/calls`);
  });

  await test.step('the owner asks everybody for it', async () => {
    await page.goto(`/c/${slug}/settings/security`);
    const factor = page.getByRole('region', { name: 'Second factor' });
    await setUp(factor, account.password);
    await factor.getByRole('button', { name: 'I have saved them' }).click();
    await page.goto(`/c/${slug}/settings/company`);
    await page.getByRole('button', { name: 'Ask for it from now on' }).click();
    await expect(page.getByText(/^It is asked for/)).toBeVisible();
  });

  await test.step('who has none is led to it and back', async () => {
    await other.goto(`/c/${slug}/calls?q=ada`);
    await other.waitForURL(/\/second-factor\?/);
    await expect(other.getByText(`${account.company} asks everybody for one.`)).toBeVisible();
    await expectAccessible(other);
    const frame = other.getByRole('main');
    await setUp(frame, password);
    await expectAccessible(other);
    await frame.getByRole('button', { name: 'I have saved them' }).click();
    await other.waitForURL(`/c/${slug}/calls?q=ada`);
    await expect(other.getByRole('link', { name: 'Calls' })).toBeVisible();
  });
  await context.close();
});

/** From the password to the recovery codes. */
async function setUp(where: Locator, password: string): Promise<void> {
  await where.getByLabel('Your password').fill(password);
  await where.getByRole('button', { name: 'Set it up' }).click();
  const key = await where.getByTestId('second-factor-key').innerText();
  await where.getByLabel('Code').fill(codeOf(key));
  await where.getByRole('button', { name: 'Turn it on' }).click();
  await expect(where.getByRole('list', { name: 'Recovery codes' })).toBeVisible();
}
