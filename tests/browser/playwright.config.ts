import { defineConfig, devices } from '@playwright/test';

const url = process.env.TRUNKLINE_URL;
if (!url) throw new Error('TRUNKLINE_URL must name a running Trunkline server');

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  // A test that passes only at the second try has found something.
  retries: 0,
  workers: 1,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    channel: undefined,
    baseURL: url,
    viewport: { width: 1280, height: 860 },
    // Nothing here takes long; a missing element should not cost the whole time of a test.
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    timezoneId: 'America/New_York',
    locale: 'en-US',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
