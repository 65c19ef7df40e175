// A list of a hundred thousand calls: only what is near the window is in the page, scrolling stays
// smooth, and who comes back from a call finds the list where it was left.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, newAccount, signUp, test } from './support';

const CALLS = 100_000;
const FIRST_PAGE = 50;
/** More than the server gives at once, so that the test is about the list and not about waiting. */
const PAGE = 2_500;
const APART_MS = 45_000;
const NEWEST = Date.parse('2026-03-08T17:00:00Z');

function callAt(index: number) {
  const startedAt = new Date(NEWEST - index * APART_MS).toISOString();
  const digits = String(100 + (index % 100)).slice(1);
  const number = (last: string) => ({
    __typename: 'PhoneNumber',
    raw: `+120655501${last}`,
    e164: `+120655501${last}`,
    national: `(206) 555-01${last}`,
    country: 'US',
  });
  const party = (name: string) => ({
    __typename: 'Party',
    id: `Party:${name}`,
    type: 'user',
    name,
    email: null,
    phone: null,
  });
  return {
    __typename: 'Call',
    id: `Call:${index}`,
    callId: String(1_000_000 + index),
    direction: 'INBOUND',
    state: 'HANGUP',
    stateRaw: 'hangup',
    outcome: index % 3 === 0 ? 'MISSED' : 'ANSWERED',
    internalNumber: number('01'),
    externalNumber: number(digits),
    target: party('Grace Example'),
    contact: party(`Customer ${index}`),
    dateStarted: startedAt,
    dateFirstRang: startedAt,
    dateRang: startedAt,
    dateConnected: startedAt,
    dateEnded: startedAt,
    durationMs: 1_000,
    totalDurationMs: 1_000,
    talkTimeMs: 1_000,
    holdTimeMs: 0,
    wasRecorded: false,
    voicemailLink: null,
    isTransferred: false,
    labels: [],
    updatedAt: startedAt,
  };
}

/** Answers for the list come from here, all others from the server. */
async function serveManyCalls(page: Page) {
  let served = 0;
  await page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON();
    if (!query.includes('query Calls(')) return route.fallback();
    const from = variables.after ? Number(variables.after) : 0;
    const count = Math.min(variables.after ? PAGE : FIRST_PAGE, CALLS - from);
    const end = from + count;
    served = Math.max(served, end);
    await route.fulfill({
      json: {
        data: {
          __typename: 'Query',
          company: {
            __typename: 'Company',
            id: variables.company,
            calls: {
              __typename: 'CallConnection',
              nodes: Array.from({ length: count }, (_, index) => callAt(from + index)),
              pageInfo: {
                __typename: 'PageInfo',
                hasNextPage: end < CALLS,
                hasPreviousPage: false,
                startCursor: String(from),
                endCursor: String(end),
              },
              totalCount: { __typename: 'TotalCount', value: 25_000, exact: false },
            },
          },
        },
      },
    });
  });
  return () => served;
}

/** How long most frames took at most while the list was scrolled through, in milliseconds. */
const scrollFrames = (page: Page) =>
  page.evaluate(async () => {
    const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
    const took: number[] = [];
    let before = await frame();
    for (let step = 0; step < 60; step += 1) {
      window.scrollBy(0, -400);
      const now = await frame();
      took.push(now - before);
      before = now;
    }
    took.sort((a, b) => a - b);
    return took[Math.floor(took.length / 2)] ?? 0;
  });

const lines = (page: Page) => page.locator('tbody tr');

test('a hundred thousand loaded rows stay smooth, and the place is kept', async ({ page }) => {
  test.setTimeout(180_000);
  const slug = await signUp(page, newAccount());
  const served = await serveManyCalls(page);
  await page.goto(`/c/${slug}/calls`);
  await expect(page.getByText('Customer 0', { exact: true })).toBeVisible();
  const table = page.getByRole('table');
  await expect(table).toHaveAttribute('aria-rowcount', '-1');

  const toEnd = () => page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const end = page.getByText('That is all.');
  while (served() < CALLS) {
    const before = served();
    // An answer is there a moment before its rows are.
    await expect(async () => {
      await toEnd();
      expect(served()).toBeGreaterThan(before);
    }).toPass({ intervals: [50] });
  }
  await expect(async () => {
    await toEnd();
    await expect(end).toBeInViewport({ timeout: 500 });
  }).toPass();
  await expect(page.getByText(`Customer ${CALLS - 1}`, { exact: true })).toBeVisible();
  expect(await lines(page).count()).toBeLessThan(120);
  // All rows, a line for each of their days, and the head.
  const rows = Number(await table.getAttribute('aria-rowcount'));
  expect(rows).toBeGreaterThan(CALLS);
  expect(rows).toBeLessThan(CALLS + 100);
  expect(await scrollFrames(page)).toBeLessThan(100);

  const link = page.locator('[data-call-link]').nth(25);
  const callId = await link.getAttribute('data-call-link');
  await link.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => window.scrollY);
  await page.evaluate((id) => {
    document.querySelector<HTMLElement>(`[data-call-link="${id}"]`)?.focus({ preventScroll: true });
  }, callId);
  await page.keyboard.press('o');
  await page.waitForURL(/\/calls\/\d+$/);
  await page.goBack();
  await expect(page.locator(`[data-call-link="${callId}"]`)).toBeInViewport();
  expect(Math.abs((await page.evaluate(() => window.scrollY)) - place)).toBeLessThan(60);
  expect(await lines(page).count()).toBeLessThan(120);
  await expectAccessible(page);
});

test('the keyboard goes on from the row it is at, however far away one scrolled', async ({
  page,
}) => {
  const slug = await signUp(page, newAccount());
  await serveManyCalls(page);
  await page.goto(`/c/${slug}/calls`);
  await expect(page.getByText('Customer 0', { exact: true })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const focused = page.locator('[data-call-link]:focus');
  await expect(focused).toHaveAttribute('data-call-link', '1000001');
  // At the end of the first rows the next ones are asked for; before they are there nobody can scroll that far.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect.poll(() => page.evaluate(() => document.body.scrollHeight)).toBeGreaterThan(25_000);
  await page.evaluate(() => window.scrollTo(0, 20_000));
  await expect(page.getByText('Customer 430', { exact: true })).toBeAttached();
  await expect(focused).toHaveAttribute('data-call-link', '1000001');
  await page.keyboard.press('j');
  await expect(focused).toHaveAttribute('data-call-link', '1000002');
  await expect(focused).toBeInViewport();
});
