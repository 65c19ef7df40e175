// A key for a program: made on the page, used, and revoked.
import { expect, expectAccessible, mailedPage, openTwoCalls, test } from './support';

test('a key reads calls until it is revoked', async ({ page, request }) => {
  const { account, slug } = await openTwoCalls(page, request);
  const ask = async (key: string) => {
    const response = await request.post('/graphql', {
      headers: { authorization: `Bearer ${key}` },
      data: { query: '{ company { calls(first: 5) { totalCount { value } } } }' },
    });
    return response.json();
  };
  await page.goto(`/c/${slug}/settings/keys`);
  await page.getByLabel('Name').fill('Nightly copy');
  const make = page.getByRole('button', { name: 'Make the key' });
  await make.click();
  await expect(page.getByRole('alert')).toContainText('Confirm your own e-mail address first');
  await page.goto(await mailedPage(account.email));
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await expect(page.getByText('Thank you, your address is confirmed.')).toBeVisible();
  await page.goto(`/c/${slug}/settings/keys`);
  await page.getByLabel('Name').fill('Nightly copy');
  await make.click();
  const shown = page.getByTestId('api-key');
  await expect(shown).toHaveText(/^tl_live_/);
  const key = await shown.innerText();
  await expectAccessible(page);
  expect((await ask(key)).data.company.calls.totalCount.value).toBe(2);
  await page.reload();
  await expect(page.getByRole('region', { name: 'API keys' })).toContainText('Nightly copy');
  await expect(shown).toBeHidden();
  await page.getByRole('button', { name: 'Revoke: Nightly copy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke this key?' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('There is none.')).toBeVisible();
  await expect.poll(async () => (await ask(key)).errors?.length).toBe(1);
});
