// Exports to a file: exactly what the list shows, in every format, and nothing of it when it is ended.
import { readFileSync } from 'node:fs';
import { expect, expectAccessible, openTwoCalls, test } from './support';

test('the calls of a filter are saved, in the format that was chosen', async ({ page, request }) => {
  const { rows } = await openTwoCalls(page, request);
  const dialog = page.getByRole('dialog', { name: 'Export calls' });
  const exported = async (format: string) => {
    const download = page.waitForEvent('download');
    await dialog.getByRole('radio', { name: format }).click();
    await dialog.getByRole('button', { name: /^Export/ }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };

  await test.step('all of them, for a spreadsheet, by keyboard', async () => {
    await page.keyboard.press('e');
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    const { name, text } = await exported('CSV for spreadsheets');
    expect(name).toMatch(/^calls-.*\.csv$/);
    expect(text.trimEnd().split('\r\n')).toHaveLength(3);
    await expect(dialog.getByText(/^2 calls saved as/)).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('those of a filter, as JSON Lines', async () => {
    await page.getByRole('combobox', { name: 'Search calls' }).fill('outcome:missed');
    await expect(rows).toHaveCount(1);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(dialog.getByText('outcome:missed')).toBeVisible();
    const { text } = await exported('JSON Lines');
    const calls = text.trimEnd().split('\n').map((line) => JSON.parse(line));
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ outcome: 'missed' });
  });
});

test('an export that is ended leaves no file', async ({ page, request }) => {
  await openTwoCalls(page, request);
  let downloads = 0;
  page.on('download', () => {
    downloads += 1;
  });
  let finish = () => {};
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  await page.route('**/api/export', async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Export calls' });
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel the export' }).click();
  await expect(dialog.getByRole('progressbar')).toBeHidden();
  finish();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toBeHidden();
  expect(downloads).toBe(0);
});
