// The app by keyboard alone: the command palette, the single keys, and switching them off.
import { expect, expectAccessible, newAccount, openTwoCalls, signUp, test } from './support';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('pages, calls, filters and links without a mouse', async ({ page, request }) => {
  const { slug, rows } = await openTwoCalls(page, request);
  await page.goto(`/c/${slug}/setup`);
  await expect(page.getByTestId('request-url')).toBeVisible();
  const palette = page.getByRole('combobox', { name: 'Command or call' });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  await test.step('to a page', async () => {
    await page.keyboard.press('Control+k');
    await expect(palette).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.type('calls');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`/c/${slug}/calls`);
    await expect(rows).toHaveCount(2);
  });

  await test.step('to a call by a pasted number', async () => {
    await page.keyboard.press('Control+k');
    await palette.fill('+1 (206) 555-0177');
    const found = page.getByRole('option', { name: /Boris Sample/ });
    await expect(found).toHaveAttribute('aria-selected', 'true');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Missed inbound call/);
    await page.keyboard.press('c');
    await expect(page.getByText('Copied the call id')).toBeVisible();
    expect(page.url().endsWith(`/calls/${await clipboard()}`)).toBe(true);
  });

  await test.step('the same call again, from what was looked at last', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('group', { name: 'Recent calls' })).toContainText('Boris Sample');
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
  });

  await test.step('a filter, the link to it, and all filters off', async () => {
    await page.keyboard.press('f');
    await page.keyboard.type('outcome');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: /^Missed/ }).click();
    await expect(rows).toHaveCount(1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('y');
    await expect(page.getByText('Copied the link')).toBeVisible();
    expect(await clipboard()).toMatch(/\/calls\?outcome=missed$/);
    await page.keyboard.press('Shift+F');
    await expect(rows).toHaveCount(2);
  });

  await test.step('rows', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await expect(rows.nth(1).getByRole('link')).toBeFocused();
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.keyboard.press('Control+Enter'),
    ]);
    await expect(tab.getByRole('heading', { level: 1 })).toHaveText(/call$/);
    await tab.close();
  });

  await test.step('the sheet, and single keys off', async () => {
    await page.keyboard.press('?');
    const box = page.getByRole('checkbox', { name: 'Single-key shortcuts' });
    await expect(box).toBeChecked();
    await expectAccessible(page);
    await box.click();
    await page.keyboard.press('Escape');
    await expect(box).toBeHidden();
    await page.reload();
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    await expect(page.getByRole('combobox', { name: 'Search calls' })).not.toBeFocused();
    await expect(box).toBeHidden();
  });
});

test('on a phone the palette is in the menu', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const slug = await signUp(page, newAccount());
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('button', { name: 'Jump to' }).click();
  const palette = page.getByRole('combobox', { name: 'Command or call' });
  await expect(palette).toBeFocused();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeHidden();
  await expectAccessible(page);
  await palette.fill('calls');
  await page.getByRole('option', { name: 'Calls' }).first().click();
  await expect(page).toHaveURL(`/c/${slug}/calls`);
});
