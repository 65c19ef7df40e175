// The volume of calls over time, and how many calls every filter would leave.
import { answeredCall, missedCall, post } from './events';
import { expect, expectAccessible, newAccount, readEndpoint, signUp, test } from './support';

const HOUR_MS = 3_600_000;

test('the volume is zoomed by keyboard and by drag, and filters count', async ({ page, request }) => {
  const slug = await signUp(page, newAccount());
  const endpoint = await readEndpoint(page);
  // Far enough apart that each stands in a bar of its own.
  for (const hours of [2, 20, 38]) {
    const startedAt = Date.now() - hours * HOUR_MS;
    await post(request, endpoint, answeredCall({ startedAt }));
    await post(request, endpoint, missedCall({ startedAt, person: 'Noor Placeholder' }));
  }
  const rows = page.locator('tbody tr:has([data-call-link])');
  const chart = page.getByRole('slider', { name: 'Calls over time' });
  const legend = page.getByRole('list', { name: 'Outcomes' });

  await page.goto(`/c/${slug}/calls`);
  await expect(rows).toHaveCount(6);
  await expect(legend).toContainText('Answered3');
  await expect(legend).toContainText('Missed or abandoned3');
  await expectAccessible(page);

  await test.step('by keyboard into the newest calls and back', async () => {
    await chart.focus();
    await page.keyboard.press('End');
    await expect(chart).toHaveAttribute('aria-valuetext', /: 2 calls: 1 answered, 1 missed/);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/[?&]from=.*&to=/);
    await expect(rows).toHaveCount(2);
    await expect(legend).toContainText('Answered1');
    await expect(page.getByRole('button', { name: /^Date: / })).toBeVisible();
    await expect(chart).toBeFocused();
    await page.reload();
    await expect(rows).toHaveCount(2);
    await chart.focus();
    await page.keyboard.press('-');
    await expect(page).not.toHaveURL(/from=/);
    await expect(rows).toHaveCount(6);
    // The list may be there before the chart, whose bars are others then.
    await expect(legend).toContainText('Answered3');
  });

  await test.step('Shift extends the selection over several bars', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.down('Shift');
    for (let bar = 0; bar < 20; bar += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.up('Shift');
    await expect(chart).toHaveAttribute('aria-valuetext', /: 4 calls: 2 answered, 2 missed/);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });

  await test.step('by drag over the older half', async () => {
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no place');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.move(box.x + box.width * 0.7, y);
    await page.mouse.up();
    await expect(page).toHaveURL(/[?&]from=.*&to=/);
    await expect(rows).toHaveCount(4);
    await page.goBack();
    await expect(rows).toHaveCount(6);
  });

  await test.step('the same in a table', async () => {
    await page.getByRole('button', { name: 'View as table' }).click();
    const table = page.getByRole('table', { name: /^Calls over time/ });
    await expect(table.getByRole('row').last().getByRole('cell').first()).toHaveText('2');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'View as chart' }).click();
  });

  await test.step('every filter counts without itself', async () => {
    await page.getByRole('button', { name: 'Outcome' }).click();
    await expect(page.getByRole('checkbox', { name: 'Answered 3' })).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Blocked 0' })).toBeVisible();
    // Checked when the address says so, a moment after the click.
    await page.getByRole('checkbox', { name: 'Missed 3' }).click();
    await expect(page.getByRole('checkbox', { name: 'Missed 3' })).toBeChecked();
    await expect(rows).toHaveCount(3);
    await expect(page.getByRole('checkbox', { name: 'Answered 3' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(legend).toContainText('Answered0');
  });
});

test('on a phone the volume can be folded away, and stays so', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const slug = await signUp(page, newAccount());
  await post(request, await readEndpoint(page), missedCall());
  await page.goto(`/c/${slug}/calls`);
  const chart = page.getByRole('slider', { name: 'Calls over time' });
  await expect(chart).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Volume' }).click();
  await expect(chart).toBeHidden();
  await page.reload();
  await expect(page.locator('[data-call-link]')).toHaveCount(1);
  await expect(chart).toBeHidden();
  await expectAccessible(page);
});
