// In which zone times are shown, and how: it changes what is seen and nothing of what is found.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

afterEach(() => localStorage.clear());

async function openMenu() {
  await userEvent.click(screen.getByRole('button', { name: /^Times in/ }));
}

test('the zone stands on every page, is changed for all times, and is kept by the browser', async () => {
  const sent = serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  const { address } = openPage('/c/acme/calls?from=2026-03-08&to=2026-03-08');
  expect(await screen.findByRole('link', { name: '10:00:00 EDT' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /^Times in New York \(E[DS]T\)$/ })).toBeVisible();
  await openMenu();
  await userEvent.click(await screen.findByRole('menuitem', { name: /^UTC/ }));
  expect(await screen.findByRole('link', { name: '14:00:00 UTC' })).toBeInTheDocument();
  expect(address()).toBe('/c/acme/calls?from=2026-03-08&to=2026-03-08');
  // A day of a filter is one of the company, whoever looks at it.
  const lists = sent.filter(({ query }) => query.includes('query Calls('));
  expect(lists.map(({ variables }) => variables.filter)).toEqual(
    lists.map(() => ({
      dateStarted: { gte: '2026-03-08T05:00:00.000Z', lt: '2026-03-09T04:00:00.000Z' },
    })),
  );
  const charts = sent.filter(({ query }) => query.includes('query CallHistogram('));
  expect(charts.at(-1)?.variables.timeZone).toBe('UTC');
  expect(localStorage.getItem('trunkline-time-zone')).toBe('utc');
});

test('lists say how long ago something was, with the exact time in the tooltip', async () => {
  const dateStarted = new Date(Date.now() - 5 * 60_000).toISOString();
  serveApi(companyRoot({ calls: connection([makeCall('1', { dateStarted })]) }));
  openPage('/c/acme/calls');
  await screen.findByText('Customer 1');
  await openMenu();
  await userEvent.click(await screen.findByRole('menuitem', { name: /^Relative times in lists/ }));
  const link = await screen.findByRole('link', { name: '5 minutes ago' });
  expect(link.querySelector('time')).toHaveAttribute(
    'title',
    expect.stringContaining(`\n${dateStarted}`),
  );
});
