import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { companyRoot, makeEndpoint, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const REFUSED = makeEndpoint({
  lastRefusedAt: '2026-03-08T15:00:00.000Z',
  lastRefusal: 'BAD_SIGNATURE',
  refusedCount: 4,
});

test('refused events are said on every page, with the two places that help', async () => {
  serveApi(companyRoot({ endpoint: REFUSED }));
  openPage('/c/acme/calls');
  const banner = await screen.findByRole('region', { name: 'Refused events' });
  expect(banner).toHaveTextContent(
    'Dialpad’s events are being refused: the signature does not match.',
  );
  expect(within(banner).getByRole('link', { name: 'See what was refused' })).toHaveAttribute(
    'href',
    '/c/acme/deliveries?st=rejected',
  );
  expect(within(banner).getByRole('link', { name: 'Check the secret' })).toHaveAttribute(
    'href',
    '/c/acme/setup',
  );
});

test('the set-up page has the banner too, without a link to itself', async () => {
  serveApi(companyRoot({ endpoint: REFUSED }));
  openPage('/c/acme/setup');
  const banner = await screen.findByRole('region', { name: 'Refused events' });
  expect(within(banner).getAllByRole('link')).toHaveLength(1);
});

test('a company still without an event is told to finish set-up', async () => {
  serveApi(companyRoot({ endpoint: makeEndpoint({ lastEventAt: null }) }));
  openPage('/c/acme/calls');
  const banner = await screen.findByRole('region', { name: 'Set-up' });
  expect(banner).toHaveTextContent('Waiting for your first event from Dialpad.');
});

test('where all is well, and for roles that may not know, there is no banner', async () => {
  serveApi(companyRoot({ viewerRole: 'VIEWER', endpoint: REFUSED }));
  openPage('/c/acme/calls');
  await screen.findByRole('heading', { name: 'No calls yet' });
  expect(screen.queryByRole('region', { name: /Refused|Set-up/ })).not.toBeInTheDocument();
});
