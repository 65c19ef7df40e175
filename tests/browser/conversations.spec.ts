// Calls by conversation: a queue that rang two people is one row, which unfolds into its legs.
import { post, queueCall } from './events';
import { expect, expectAccessible, openTwoCalls, peek, test } from './support';

test('conversations are one row each and unfold by keyboard and by mouse', async ({
  page,
  request,
}) => {
  const { endpoint, rows, slug } = await openTwoCalls(page, request);
  const clara = { name: 'Clara Example', number: '+12065550163' };
  await post(request, endpoint, queueCall(clara, ['Noor Placeholder']));
  await expect(rows).toHaveCount(5);

  await page.getByText('Conversations', { exact: true }).click();
  await expect(page).toHaveURL(`/c/${slug}/calls?list=conversations`);
  await expect(rows).toHaveCount(3);
  await expect(page.getByText('3 conversations')).toBeVisible();
  const row = rows.filter({ hasText: 'Clara Example' });
  await expect(row).toContainText('through Orders');
  await expectAccessible(page);

  await test.step('by keyboard', async () => {
    await row.getByRole('button').focus();
    await page.keyboard.press('Enter');
    const tree = page.locator('tr:has(ul)').getByRole('list').first();
    await expect(tree.getByRole('link', { name: 'Orders' })).toBeVisible();
    await expect(tree.getByRole('listitem').filter({ hasText: 'Noor' }).last()).toContainText(
      'Missed',
    );
    await expect(tree.getByRole('listitem').filter({ hasText: 'Grace' }).last()).toContainText(
      'Answered',
    );
    await expectAccessible(page);
  });

  await test.step('a reload keeps the list, a leg leads to its call and back', async () => {
    await page.reload();
    await expect(rows).toHaveCount(3);
    await row.click();
    await page.getByRole('link', { name: 'Noor Placeholder' }).click();
    await expect(peek(page).getByRole('heading', { name: /call$/ })).toHaveText(
      'Missed inbound call',
    );
    await page.goBack();
    await expect(page).toHaveURL(`/c/${slug}/calls?list=conversations`);
    await expect(peek(page)).toBeHidden();
    await row.first().getByRole('button').click();
    await expect(rows).toHaveCount(3);
  });

  await test.step('a filter finds it by any of its legs', async () => {
    await page.getByRole('combobox', { name: 'Search calls' }).fill('outcome:missed clara');
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('Answered');
  });
});
