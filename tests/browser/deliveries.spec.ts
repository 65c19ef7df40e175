// What Dialpad does not tell anybody: which deliveries were refused, why, and what became of them.
import type { APIRequestContext, Page } from '@playwright/test';
import { answeredCall, type Endpoint, missedCall, post, sign } from './events';
import { expect, expectAccessible, newAccount, readEndpoint, signUp, test } from './support';

const rows = (page: Page) => page.locator('tbody tr:has(a[data-delivery-link])');
const banner = (page: Page) => page.getByRole('region', { name: 'Refused events' });

test('a wrong secret costs nothing: what was refused is seen, and taken in once it is right', async ({
  page,
  request,
}) => {
  const slug = await signUp(page, newAccount());
  const endpoint = await readEndpoint(page);
  const dialpad = { ...endpoint, secret: 'the secret that Dialpad had before' };
  const events = answeredCall({ name: 'Ada Example', number: '+12065550142' });
  expect(await post(request, dialpad, events)).toEqual([401, 401, 401]);

  await test.step('the banner says so on every page', async () => {
    await expect(banner(page)).toContainText('the signature does not match');
    await page.goto(`/c/${slug}/calls`);
    await expect(page.getByRole('heading', { name: 'No calls yet' })).toBeVisible();
    await expect(banner(page)).toBeVisible();
    await expectAccessible(page);
    await banner(page).getByRole('link', { name: 'See what was refused' }).click();
    await expect(page).toHaveURL(/\/deliveries\?st=rejected$/);
  });

  await test.step('the same refusal three times is one line with the fix', async () => {
    const line = page.getByRole('button', { name: /3×\s*Signature does not match/ });
    await expect(page.getByText(/Replace it in the set-up by the one Dialpad has/)).toBeVisible();
    await expect(rows(page)).toHaveCount(0);
    await line.click();
    await expect(rows(page)).toHaveCount(3);
    await expect(rows(page).first()).toContainText('401');
  });

  await test.step('a refused delivery opens by keyboard and shows what it claims', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: /^Rejected: signature does not match/ });
    await expect(panel).toBeFocused();
    await expect(panel.getByText('Unverified.')).toBeVisible();
    await expect(panel.getByText(String(events[0]!.call_id), { exact: true })).toBeVisible();
    await expectAccessible(page);
    await panel.getByRole('tab', { name: 'Raw' }).click();
    await expect(panel.getByText('"alg": "HS256"')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
  });

  await test.step('the right secret takes in by itself what was refused', async () => {
    await page.goto(`/c/${slug}/setup`);
    await page.getByRole('textbox', { name: 'Own secret' }).fill(dialpad.secret);
    await page.getByRole('button', { name: 'Replace secret' }).click();
    await expect(page.getByText(/3 deliveries examined: 3 taken in\./)).toBeVisible();
    await expect(page.getByText(/^The previous secret is accepted until/)).toBeVisible();
    await expect(banner(page)).toBeHidden();
    await expectAccessible(page);
    const recovered = page.getByRole('region', { name: 'Use your own secret' });
    await recovered.getByRole('link', { name: 'Ada Example' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Answered inbound call/);
    await expect(page.getByText('The call ended')).toBeVisible();
    await page.goto(`/c/${slug}/deliveries`);
    await expect(rows(page)).toHaveCount(3);
    await expect(rows(page).first()).toContainText('recovered');
    await expect(page.getByRole('button', { name: /^Re-check/ })).toBeHidden();
  });
});

test('duplicates, text messages and what is not understood are listed and can be read', async ({
  page,
  request,
}) => {
  const slug = await signUp(page, newAccount());
  const endpoint = await readEndpoint(page);
  const [ringing, ...rest] = missedCall({ name: 'Boris Sample', number: '+12065550177' });
  expect(await post(request, endpoint, [ringing!, ringing!, ...rest])).toEqual([200, 200, 200, 200]);
  const message = { id: 71, from_number: '+12065550177', to_number: ['+12065550101'], text: 'Hello' };
  expect(await postObject(request, endpoint, message)).toBe(200);
  expect(await postObject(request, endpoint, { hello: 'world' })).toBe(200);

  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForURL(`**/c/${slug}/deliveries`);
  await expect(rows(page)).toHaveCount(6);
  await expectAccessible(page);

  await test.step('a text message is kept and belongs to no call', async () => {
    await rows(page).filter({ hasText: 'Text message' }).getByRole('link').first().click();
    const panel = page.getByRole('region', { name: 'Accepted' });
    await expect(panel.getByText('Kept; it belongs to no call')).toBeVisible();
    await expect(panel.getByText('Hello', { exact: true })).toBeVisible();
  });

  await test.step('a duplicate changed nothing and leads to its call', async () => {
    await rows(page).filter({ hasText: 'Duplicate' }).getByRole('link').first().click();
    const panel = page.getByRole('region', { name: 'Duplicate' });
    await expect(panel.getByText('Nothing: the event was known already')).toBeVisible();
    await expect(panel.getByRole('link', { name: 'Boris Sample' })).toBeVisible();
  });

  await test.step('what is not understood stays so after a re-check, with the reason', async () => {
    await page.getByRole('button', { name: /^Rejected/ }).waitFor();
    await page.getByRole('button', { name: 'Outcome', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Quarantined' }).check();
    await page.keyboard.press('Escape');
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole('button', { name: 'Re-check 1 delivery' }).click();
    const dialog = page.getByRole('dialog', { name: 'Re-check deliveries' });
    await dialog.getByRole('button', { name: 'Re-check 1 delivery' }).click();
    await expect(dialog.getByText('1 delivery examined: 1 still not understood.')).toBeVisible();
    await expect(dialog.getByText('No call id')).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('the timeline says that an event came twice', async () => {
    await page.goto(`/c/${slug}/calls`);
    await page.locator('[data-call-link]').first().click();
    await expect(page.getByText('Received 2 times')).toBeVisible();
  });

  await test.step('on a phone the open delivery takes the place of the list', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/c/${slug}/deliveries`);
    await rows(page).first().getByRole('link').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Quarantined/);
    await expect(rows(page).first()).toBeHidden();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Deliveries', exact: true }).click();
    await expect(rows(page)).toHaveCount(6);
    await expectAccessible(page);
  });
});

test('a replaced Request URL works on, and can be ended', async ({ page, request }) => {
  await signUp(page, newAccount());
  const before = await readEndpoint(page);
  await page.getByRole('button', { name: 'Replace the Request URL' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace the Request URL?' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make a new Request URL' }).click();
  await expect(dialog).toBeHidden();
  const previous = page.getByRole('region', { name: 'The previous Request URL' });
  await expect(previous).toContainText(before.requestUrl);
  await expect(previous).toContainText('Nothing has come with it since the change.');
  await expect(page.getByTestId('request-url')).not.toHaveText(before.requestUrl);
  expect(await post(request, before, missedCall())).toEqual([200, 200, 200]);
  await expect(previous).toContainText('Last used just now');
  await expectAccessible(page);

  await previous.getByRole('button', { name: /^End now/ }).click();
  const ending = page.getByRole('dialog', { name: 'End the previous Request URL now?' });
  await expect(ending).toContainText('It was last used just now.');
  await ending.getByRole('button', { name: 'End the previous Request URL' }).click();
  await expect(previous).toBeHidden();
  const late = await request.post(before.requestUrl, { data: 'anything' });
  expect(late.status()).toBeGreaterThanOrEqual(400);
});

async function postObject(
  request: APIRequestContext,
  { requestUrl, secret }: Endpoint,
  content: object,
): Promise<number> {
  const response = await request.post(requestUrl, {
    headers: { 'content-type': 'application/jwt' },
    data: await sign(content, secret),
  });
  return response.status();
}
