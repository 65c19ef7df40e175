// Asking the API from its own page: ready queries, what one writes, errors, the schema, a link.
import { readFileSync } from 'node:fs';
import { answeredCall, missedCall, post } from './events';
import { expect, expectAccessible, newAccount, readEndpoint, signUp, test } from './support';

test('a query is chosen, written, refused, shared, and the schema is at hand', async ({
  page,
  request,
  guard,
}) => {
  const slug = await signUp(page, newAccount());
  const endpoint = await readEndpoint(page);
  await post(request, endpoint, answeredCall({ name: 'Ada Example' }));
  await post(request, endpoint, missedCall({ name: 'Boris Sample' }));

  await page.getByRole('link', { name: 'API' }).click();
  await expect(page).toHaveURL(`/c/${slug}/api`);
  const query = page.getByRole('textbox', { name: 'Query' });
  const answer = page.getByRole('textbox', { name: 'Answer as JSON' });

  await test.step('a ready query', async () => {
    await page.getByRole('button', { name: 'Newest calls' }).click();
    await expect(page.getByText('HTTP 200')).toBeVisible();
    await expect(answer).toContainText('Ada Example');
    await expect(page).toHaveURL(/\?ready=newest-calls$/);
    await expectAccessible(page);
  });

  await test.step('one that is written, with what the schema offers', async () => {
    await query.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('query Mine { viewer { us');
    const offered = page.getByRole('option', { name: /^user/ });
    await offered.click();
    await page.keyboard.type(' { email } ');
    await page.keyboard.press('Control+Enter');
    await expect(answer).toContainText('owner-');
    await expect(page).toHaveURL(/\?q=[\w-]+$/);
  });

  await test.step('the address brings it back, and runs nothing', async () => {
    await page.reload();
    await expect(query).toContainText('query Mine');
    await expect(page.getByText('Run the query, or choose a ready one')).toBeVisible();
  });

  await test.step('Tab leaves the editor', async () => {
    await query.focus();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('textbox', { name: 'Variables' })).toBeFocused();
  });

  await test.step('an error leads to its place', async () => {
    guard.allow(/^console: Failed to load resource: .*status of 400/);
    await query.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('query Mine { viewer { nickname ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    const errors = page.getByRole('alert', { name: 'Errors' });
    await expect(errors).toContainText('nickname');
    await expect(page.getByRole('button', { name: 'Copy request id' })).toBeVisible();
    await expectAccessible(page);
    await errors.getByRole('button', { name: 'line 1, column 23' }).click();
    await expect(query).toBeFocused();
  });

  await test.step('the schema: searched, walked, downloaded', async () => {
    await page.getByRole('tab', { name: 'Schema' }).click();
    await page.getByRole('searchbox', { name: 'Search the schema' }).fill('callFacets');
    await page.getByRole('button', { name: 'CallFacets!' }).click();
    await expect(page.getByRole('button', { name: 'CallFacets object' })).toBeFocused();
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Schema' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('trunkline.graphql');
    expect(readFileSync(await file.path(), 'utf8')).toContain('type CallFacets {');
  });

  await test.step('a program is shown how to ask the same', async () => {
    await page.getByRole('tab', { name: 'From a program' }).click();
    await expect(page.getByRole('region', { name: 'curl example' })).toContainText('query Mine');
    await expectAccessible(page);
  });

  await test.step('on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Counts by outcome' }).click();
    await expect(answer).toContainText('MISSED');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await expectAccessible(page);
  });
});
