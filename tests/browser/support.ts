import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test';
import { answeredCall, type Endpoint, missedCall, post } from './events';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface Guard {
  /** Chromium reports every 4xx answer on the console; a test that provokes one says so. */
  allow: (complaint: RegExp) => void;
}

/** Every page of every test fails on a console error, an uncaught error or a breach of the policy. */
export const test = base.extend<{ guard: Guard }>({
  guard: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      const allowed: RegExp[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
      await context.exposeFunction('reportViolation', (text: string) => {
        complaints.push(`policy: ${text}`);
      });
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const report = (window as unknown as { reportViolation: (text: string) => void })
            .reportViolation;
          report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
      });
      await use({ allow: (complaint) => allowed.push(complaint) });
      const unexpected = complaints.filter((text) => !allowed.some((each) => each.test(text)));
      expect(unexpected).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export interface Account {
  company: string;
  email: string;
  password: string;
}

export function newAccount(company = 'Northwind Example'): Account {
  const unique = `${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
  return { company, email: `owner-${unique}@example.com`, password: 'correct horse battery 9' };
}

export async function signUp(page: Page, account: Account): Promise<string> {
  await page.goto('/signup');
  await page.getByLabel('Company name').fill(account.company);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(account.password);
  await expect(page.getByLabel('Time zone')).toHaveValue('America/New_York');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(/\/c\/[^/]+\/setup$/);
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

export async function readEndpoint(page: Page): Promise<Endpoint> {
  const requestUrl = await page.getByTestId('request-url').innerText();
  await page.getByRole('button', { name: 'Reveal secret' }).click();
  const secret = await page.getByTestId('secret').innerText();
  await page.getByRole('button', { name: 'Hide secret' }).click();
  return { requestUrl: requestUrl.trim(), secret: secret.trim() };
}

interface Mail {
  to: string;
  text: string;
}

/** The page of the newest link that was mailed to somebody; without a mail server a command reads mail. */
export async function mailedPage(to: string): Promise<string> {
  const { TRUNKLINE_BIN: program, TRUNKLINE_TEST_DATA_DIR: data } = process.env;
  if (!program || !data) throw new Error('TRUNKLINE_BIN and TRUNKLINE_TEST_DATA_DIR must be set');
  let page: string | undefined;
  const find = () => {
    const list = ['--data-dir', data, '--format', 'json', 'mailbox', 'ls'];
    const mails = JSON.parse(execFileSync(program, list, { encoding: 'utf8' })) as Mail[];
    const text = mails.find((mail) => mail.to === to)?.text ?? '';
    page = /\/[a-z-]+#\S+/.exec(text)?.[0];
    return page;
  };
  await expect.poll(find, { message: `a mail to ${to}` }).toBeTruthy();
  return page ?? '';
}

/** The rows of the list of calls. */
export const callRows = (page: Page) => page.locator('tbody tr:has([data-call-link])');

/** The call that is open beside the list. */
export const peek = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });

/** A company with two calls, with its list open: Ada was answered by Grace, Boris missed by Noor. */
export async function openTwoCalls(page: Page, request: APIRequestContext) {
  const account = newAccount();
  const slug = await signUp(page, account);
  const endpoint = await readEndpoint(page);
  const ada = { name: 'Ada Example', number: '+12065550142' };
  const boris = { name: 'Boris Sample', number: '+12065550177', person: 'Noor Placeholder' };
  await post(request, endpoint, answeredCall(ada));
  await post(request, endpoint, missedCall(boris));
  await page.goto(`/c/${slug}/calls`);
  const rows = callRows(page);
  await expect(rows).toHaveCount(2);
  return { account, slug, endpoint, rows };
}

interface AxeResult {
  violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[];
}

/** Evaluated instead of added as a script tag, which the policy would rightly refuse. */
export async function expectAccessible(page: Page): Promise<void> {
  // A page that is still being fetched has nothing to be judged.
  await expect(page.locator('h1').first()).toBeAttached();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
    await page.evaluate(axeSource);
    const result = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run: (root: Document, options: object) => Promise<AxeResult> };
      };
      return axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        // Tooltips and menus live at the end of the body, outside every landmark, by design.
        rules: { region: { enabled: false } },
        resultTypes: ['violations'],
      });
    });
    const found = result.violations.map(({ id, nodes }) => ({
      id,
      at: nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ''}`),
    }));
    expect(found, `axe, ${scheme}, ${page.url()}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}
