// The company itself: its name, the address of its pages, and what it asks of its people.
import { expect, expectAccessible, newAccount, signUp, test } from './support';

test('the company gets another name and address, and asks for a second factor', async ({
  page,
}) => {
  const slug = await signUp(page, newAccount());
  await page.goto(`/c/${slug}/settings`);
  await page.getByRole('link', { name: 'Company' }).click();
  const card = page.getByRole('region', { name: 'Company', exact: true });
  const next = `${slug.slice(0, 20)}-lines`;

  await test.step('an address that cannot be one is said at its field', async () => {
    await card.getByRole('textbox', { name: 'Address of its pages' }).fill('No Address');
    await card.getByRole('button', { name: 'Save' }).click();
    const field = card.getByRole('textbox', { name: 'Address of its pages' });
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription(/small letters/);
    await expectAccessible(page);
  });

  await test.step('the page moves with the company, and its name is everywhere', async () => {
    await card.getByRole('textbox', { name: 'Company name' }).fill('Hopper Lines Example');
    await card.getByRole('textbox', { name: 'Address of its pages' }).fill(next);
    await card.getByRole('combobox', { name: 'Time zone' }).selectOption('Europe/Paris');
    await card.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`/c/${next}/settings/company`);
    await expect(page).toHaveTitle(/Hopper Lines Example/);
    await page.goto(`/c/${next}/calls`);
    await expect(page.getByText('Hopper Lines Example').first()).toBeVisible();
  });

  await test.step('whoever has no second factor cannot ask others for one', async () => {
    await page.goto(`/c/${next}/settings/company`);
    const rule = page.getByRole('region', { name: 'A second factor for everybody' });
    await expect(rule.getByRole('list').getByRole('listitem')).toHaveCount(1);
    await expectAccessible(page);
    await rule.getByRole('button', { name: 'Ask for it in 7 days' }).click();
    await expect(rule.getByRole('alert')).toBeVisible();
    await expect(rule.getByText(/^It is not asked for/)).toBeVisible();
  });
});

test('a company is deleted by its name and kept, then its owner goes', async ({ page, guard }) => {
  // Who asks for calls when the account is gone.
  guard.allow(/status of 401/);
  const account = newAccount();
  const slug = await signUp(page, account);
  await page.goto(`/c/${slug}/settings/company`);
  const card = page.getByRole('region', { name: 'Delete the company' });
  const banner = page.getByRole('region', { name: 'The end of the company' });
  const end = async () => {
    await card.getByLabel('Type its name').fill(account.company);
    await card.getByLabel('Your password').fill(account.password);
    await card.getByRole('button', { name: 'Delete company' }).click();
    await expect(banner).toContainText(`${account.company} will be deleted on`);
  };

  await test.step('it is deleted, which every page says, and kept', async () => {
    await end();
    await expectAccessible(page);
    await page.goto(`/c/${slug}/calls`);
    await banner.getByRole('link', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Keep the company' }).click();
    await expect(banner).toBeHidden();
  });

  await test.step('its only owner goes after the company, and not before', async () => {
    await page.goto(`/c/${slug}/settings`);
    const own = page.getByRole('region', { name: 'Delete your account' });
    await own.getByRole('button', { name: 'Delete account…' }).click();
    await own.getByLabel('Your password').fill(account.password);
    await own.getByRole('button', { name: 'Delete for good' }).click();
    await expect(own.getByRole('alert')).toContainText(account.company);
    await page.goto(`/c/${slug}/settings/company`);
    await end();
    await page.goto(`/c/${slug}/settings`);
    await own.getByRole('button', { name: 'Delete account…' }).click();
    await expectAccessible(page);
    await own.getByLabel('Your password').fill(account.password);
    await own.getByRole('button', { name: 'Delete for good' }).click();
    await page.waitForURL(/\/signup/);
    await page.goto(`/c/${slug}/calls`);
    await page.waitForURL(/\/signin/);
  });
});
