// A company grows: somebody is invited, joins, becomes something else and goes; the audit log tells it.
import { expect, expectAccessible, mailedPage, newAccount, signUp, test } from './support';

test('invited by mail, joined, changed and removed, and all of it written down', async ({
  page,
  browser,
}) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  const email = account.email.replace('owner', 'grace');
  const send = page.getByRole('button', { name: 'Send the invitation' });
  const context = await browser.newContext();
  const other = await context.newPage();

  await test.step('who has not proven their address cannot invite', async () => {
    await page.goto(`/c/${slug}/settings/people`);
    await page.getByLabel('E-mail').fill(email);
    await send.click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessible(page);
    await page.goto(await mailedPage(account.email));
    await page.getByRole('button', { name: 'Confirm my address' }).click();
    await expect(page.getByText('Thank you, your address is confirmed.')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('an invitation makes an account and a member', async () => {
    await page.goto(`/c/${slug}/settings/people`);
    await page.getByLabel('E-mail').fill(email);
    await send.click();
    await expect(page.getByRole('region', { name: 'Invited' })).toContainText(email);
    await expectAccessible(page);
    await other.goto(await mailedPage(email));
    await expect(other.getByText(/invites .* as member/)).toBeVisible();
    await expectAccessible(other);
    await other.getByRole('textbox', { name: 'Choose a password' }).fill('a long enough password');
    await other.getByRole('button', { name: 'Create account and join' }).click();
    await other.waitForURL(`/c/${slug}/calls`);
  });

  await test.step('the role is changed, and the member removed after asking', async () => {
    await page.reload();
    const members = page.getByRole('region', { name: 'Members' });
    await members.getByLabel(`Role of ${email}`).selectOption('Viewer');
    await expect(page.getByText(`${email} is Viewer now`)).toBeVisible();
    await other.reload();
    await expect(other.getByRole('link', { name: 'Deliveries' })).toBeHidden();
    await members.getByRole('button', { name: `Remove: ${email}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove from the company?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(members.getByText(email)).toBeHidden();
    await other.reload();
    await expect(other.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  });

  await test.step('the audit log tells it, and is whole', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click();
    await expect(page.getByText('Whole and unchanged')).toBeVisible();
    const entries = page.getByRole('region', { name: 'Audit log' }).getByRole('listitem');
    await expect(entries).toHaveCount(4);
    await expect(entries.first()).toContainText(`removed ${email}`);
    await expect(entries.last()).toContainText(`invited ${email} as Member`);
    await expectAccessible(page);
    await entries.filter({ hasText: 'accepted' }).getByRole('button', { name: email }).click();
    await expect(entries).toHaveCount(1);
    await expect(page).toHaveURL(/who=/);
    await page.goBack();
    await expect(entries).toHaveCount(4);
    await page.getByRole('button', { name: 'What' }).click();
    await page.getByRole('checkbox', { name: 'API keys' }).click();
    await expect(page.getByText('No entry fits these filters.')).toBeVisible();
    await expectAccessible(page);
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    expect((await file).suggestedFilename()).toMatch(/^audit-.*\.csv$/);
  });
  await context.close();
});
