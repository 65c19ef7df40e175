// A company lets its people in by its own provider, and says whose calls they see.
import { answeredCall, post } from './events';
import { CLIENT, OpenIdProvider } from './openid-provider';
import {
  callRows,
  expect,
  expectAccessible,
  newAccount,
  readEndpoint,
  signUp,
  test,
} from './support';

const ADA = {
  sub: 'ada-1',
  email: 'ada@northwind.example',
  email_verified: true,
  name: 'Ada Lovelace',
};

test('somebody comes by the provider of a company and finds the calls of their group', async ({
  page,
  browser,
  request,
}) => {
  const account = newAccount();
  const slug = await signUp(page, account);
  const endpoint = await readEndpoint(page);
  await post(request, endpoint, answeredCall({ name: 'Zoe Sample', number: '+12065550142' }));
  const boris = { name: 'Boris Sample', number: '+12065550177', person: 'Noor Placeholder' };
  await post(request, endpoint, answeredCall(boris));
  await page.goto(`/c/${slug}/settings/company`);
  const card = page.getByRole('region', { name: 'Single sign-on' });
  const callback = card.locator('code').first();
  await expect(callback).toHaveText(/\/auth\/sso\/callback\//);
  const provider = await OpenIdProvider.start(await callback.innerText());
  await provider.says(ADA);
  const context = await browser.newContext();
  const other = await context.newPage();
  try {
    await test.step('the owner sets it up', async () => {
      await card.getByLabel('Issuer').fill(provider.issuer);
      await card.getByLabel('Client ID').fill(CLIENT.id);
      await card.getByLabel('Client secret').fill(CLIENT.secret);
      await card.getByLabel('E-mail domains').fill('northwind.example');
      await card.getByRole('combobox', { name: 'They see the calls of' }).click();
      await page.getByRole('option', { name: 'Noor Placeholder' }).click();
      await page.keyboard.press('Escape');
      await card.getByRole('button', { name: 'Set up single sign-on' }).click();
      await expect(card.getByText('Saved. The provider answers.')).toBeVisible();
      await expectAccessible(page);
    });

    await test.step('somebody comes by it, and goes on where they were going', async () => {
      await other.goto(`/c/${slug}/calls?range=7d`);
      await other.getByRole('link', { name: 'Use the single sign-on of your company' }).click();
      await expect(other.getByLabel('Address of your company')).toHaveValue(slug);
      await expectAccessible(other);
      await other.getByRole('button', { name: 'Go on to your provider' }).click();
      await other.waitForURL(`/c/${slug}/calls?range=7d`);
      await expect(other.getByText('Only calls of Noor Placeholder')).toBeVisible();
      await expect(callRows(other)).toHaveCount(1);
      await expect(callRows(other)).toContainText('Boris Sample');
      await expect(other.getByRole('link', { name: 'Deliveries' })).toBeHidden();
      await expectAccessible(other);
      await other.goto(`/c/${slug}/settings/security`);
      await expect(other.getByText('You are here by single sign-on')).toBeVisible();
      await expectAccessible(other);
    });

    await test.step('the owner lets them see all calls', async () => {
      await page.goto(`/c/${slug}/settings/people`);
      const members = page.getByRole('region', { name: 'Members' });
      await expect(members).toContainText('sees calls of Noor Placeholder');
      await members.getByRole('button', { name: `Calls: ${ADA.email}` }).click();
      const dialog = page.getByRole('dialog', { name: 'Whose calls are seen?' });
      await expect(dialog.getByRole('radio', { name: /^Only calls of some/ })).toBeChecked();
      await expectAccessible(page);
      await dialog.getByRole('radio', { name: 'All calls of the company' }).check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(members).not.toContainText('sees calls of');
      await other.goto(`/c/${slug}/calls`);
      await expect(callRows(other)).toHaveCount(2);
    });

    await test.step('who is not of its domains is told so', async () => {
      await provider.says({ ...ADA, sub: 'eve-1', email: 'eve@elsewhere.example' });
      await context.clearCookies();
      await other.goto(`/single-sign-on?company=${slug}`);
      await other.getByRole('button', { name: 'Go on to your provider' }).click();
      await expect(other.getByRole('alert')).toContainText('may not speak for your e-mail address');
      await expectAccessible(other);
    });
  } finally {
    provider.stop();
    await context.close();
  }
});
