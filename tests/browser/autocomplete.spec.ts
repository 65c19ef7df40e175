// The search box helps to write a query, and says exactly what is wrong with one.
import { expect, expectAccessible, openTwoCalls, test } from './support';

test('keys, values with their counts, and the place of a mistake', async ({
  page,
  request,
  guard,
}) => {
  const { rows } = await openTwoCalls(page, request);
  const box = page.getByRole('combobox', { name: 'Search calls' });

  await test.step('an outcome', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('outc');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(box).toHaveValue('outcome:');
    await expect(page.getByRole('option', { name: 'missed 1' })).toBeVisible();
    await expect(page.getByRole('option', { name: 'blocked 0' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.type('mi');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\?q=outcome:missed$/);
    await expect(rows).toHaveCount(1);
  });

  await test.step('a person by name, in quotes', async () => {
    await box.fill('');
    await expect(rows).toHaveCount(2);
    await page.keyboard.type('person:');
    await page.getByRole('option', { name: /^Noor Placeholder/ }).click();
    await expect(box).toHaveValue('person:"Noor Placeholder" ');
    await expect(rows).toHaveCount(1);
    await expect(box).toBeFocused();
  });

  await test.step('a mistake is marked where it is, and taken out', async () => {
    guard.allow(/^console: Failed to load resource: .*status of 400/);
    await box.fill('noor colour:blue');
    const problem = page.getByRole('alert');
    await expect(problem.locator('mark')).toHaveText('colour:blue');
    await expectAccessible(page);
    await problem.getByRole('button', { name: /^Remove/ }).click();
    await expect(problem).toBeHidden();
    await expect(box).toHaveValue('noor');
    await expect(rows).toHaveCount(1);
  });
});
