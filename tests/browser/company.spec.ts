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
