// Views under a name: what one looks at is saved, changed, put back, shared, renamed and deleted.
import { expect, expectAccessible, openTwoCalls, test } from './support';

test('views are kept under a name', async ({ page, request }) => {
  const { slug, rows } = await openTwoCalls(page, request);
  const tabs = page.getByRole('navigation', { name: 'Views' });
  const tab = (name: string) => tabs.getByRole('link', { name, exact: true });

  await test.step('those of everybody', async () => {
    await expect(tab('All')).toHaveAttribute('aria-current', 'page');
    await tab('Missed').click();
    await expect(page).toHaveURL(/\?outcome=missed$/);
    await expect(tab('Missed')).toHaveAttribute('aria-current', 'page');
    await expect(tab('All')).not.toHaveAttribute('aria-current');
    await expect(rows).toHaveCount(1);
    await expectAccessible(page);
  });

  await test.step('one of one’s own, by keyboard', async () => {
    await page.goto(`/c/${slug}/calls?q=boris`);
    await expect(rows).toHaveCount(1);
    await page.getByRole('button', { name: 'Save view' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Name')).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.type('Calls of Boris');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\?q=boris&view=/);
    await expect(tab('Calls of Boris')).toHaveAttribute('aria-current', 'page');
    await expect(page).toHaveTitle(/^Calls of Boris · /);
  });

  await test.step('it is changed, put back, changed and saved', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Call id' }).click();
    await page.keyboard.press('Escape');
    await expect(tab('Calls of Boris changed')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect(page.getByRole('columnheader', { name: 'Call id' })).toBeHidden();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Call id' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('The view is saved')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('columnheader', { name: 'Call id' })).toBeVisible();
    await tab('All').click();
    await expect(rows).toHaveCount(2);
    await expect(page.getByRole('columnheader', { name: 'Call id' })).toBeHidden();
  });

  await test.step('on a phone the tabs are scrolled, and the page is not', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await tab('Calls of Boris').click();
    await expect(tab('Calls of Boris')).toBeInViewport();
    const wider = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await wider()).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  await test.step('it is shared, and deleted', async () => {
    const more = page.getByRole('button', { name: 'More about the view Calls of Boris' });
    await more.click();
    await expectAccessible(page);
    await page.getByRole('menuitem', { name: 'Share with everybody' }).click();
    await expect(tab('shared Calls of Boris')).toBeVisible();
    await more.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await expect(page.getByRole('dialog')).toContainText('gone for everybody');
    await page.getByRole('button', { name: 'Delete the view' }).click();
    await expect(tab('shared Calls of Boris')).toBeHidden();
    await expect(page).toHaveURL(/\?q=boris$/);
  });
});
