// People look after their own account: where they are signed in, their password, a forgotten one.
import { expect, expectAccessible, mailedPage, newAccount, signUp, test } from './support';

test('another session is seen and ended, and the password changed', async ({ page, browser }) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  const context = await browser.newContext();
  const other = await context.newPage();
  const signIn = async (password: string) => {
    await other.goto('/signin');
    await other.getByLabel('E-mail').fill(account.email);
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn(account.password);
  await other.waitForURL(`/c/${slug}/calls`);

  await page.getByRole('link', { name: 'Settings' }).click();
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByText('This session')).toBeVisible();
  await expectAccessible(page);

  await test.step('the other one is ended, and asked to sign in again', async () => {
    await sessions.getByRole('button', { name: /^End the session of Chrome/ }).click();
    const dialog = page.getByRole('dialog', { name: 'End this session?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'End the session' }).click();
    await expect(sessions.getByRole('listitem')).toHaveCount(1);
    await expect(other.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  });

  await test.step('the password is changed, by its field', async () => {
    const card = page.getByRole('region', { name: 'Password' });
    await card.getByRole('textbox', { name: 'Current password' }).fill('not the password');
    await card.getByRole('textbox', { name: 'New password' }).fill('another long password');
    await card.getByRole('button', { name: 'Change password' }).click();
    const wrong = card.getByRole('textbox', { name: 'Current password' });
    await expect(wrong).toHaveAccessibleDescription(/./);
    await expect(wrong).toBeFocused();
    await expectAccessible(page);
    await card.getByRole('textbox', { name: 'Current password' }).fill(account.password);
    await card.getByRole('button', { name: 'Change password' }).click();
    await expect(card.getByText(/^The password is changed/)).toBeVisible();
    await signIn('another long password');
    await other.waitForURL(`/c/${slug}/calls`);
  });

  await context.close();
});

test('a forgotten password, and links that are not good any more', async ({ page, guard }) => {
  await page.goto('/signin');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expectAccessible(page);
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(/has an account, a link is on its way/)).toBeVisible();
  guard.allow(/^console: Failed to load resource: .*status of 410/);
  await page.goto('/verify-email#nothing');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.goto('/reset-password#nothing');
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});

test('an account gets a name and another address, and is taken back from the old one', async ({
  page,
  guard,
}) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  await page.goto(await mailedPage(account.email));
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await expect(page.getByText('Thank you, your address is confirmed.')).toBeVisible();

  await test.step('the name is shown to colleagues', async () => {
    await page.goto(`/c/${slug}/settings/security`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('Your name is saved.')).toBeVisible();
    await page.getByRole('link', { name: 'People' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Grace Hopper' })).toContainText(
      account.email,
    );
  });

  const next = `new.${account.email}`;
  await test.step('the link of the new address moves the account', async () => {
    await page.goto(`/c/${slug}/settings/security`);
    await page.getByRole('button', { name: 'Change address' }).click();
    const card = page.getByRole('region', { name: 'E-mail address' });
    await expect(card.getByLabel('New address')).toBeFocused();
    await expectAccessible(page);
    await card.getByLabel('New address').fill(next);
    await card.getByRole('textbox', { name: 'Current password' }).fill(account.password);
    await card.getByRole('button', { name: 'Send the link' }).click();
    await expect(card.getByText(/^A mail was sent to/)).toBeVisible();
    await page.goto(await mailedPage(next));
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Use this address' }).click();
    await page.getByRole('link', { name: 'Go to your calls' }).click();
    await page.goto(`/c/${slug}/settings/security`);
    await expect(page.getByRole('region', { name: 'E-mail address' })).toContainText(next);
  });

  await test.step('the old address takes it back, and a new password is chosen', async () => {
    guard.allow(/^console: Failed to load resource: .*status of 401/);
    await page.goto(await mailedPage(account.email));
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take my account back' }).click();
    await expect(page.getByText(/^Your account is back/)).toBeVisible();
    await expect.poll(() => mailedPage(account.email)).toMatch('/reset-password#');
    await page.goto(await mailedPage(account.email));
    await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.goto('/signin');
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('another long password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`/c/${slug}/calls`);
  });
});
