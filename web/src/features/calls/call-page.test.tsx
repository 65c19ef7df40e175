import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const event = (id: string, state: string, at: string, payload: object) => ({
  id,
  state: state.toUpperCase(),
  stateRaw: state,
  occurredAt: at,
  receivedAt: at,
  late: false,
  outOfOrder: false,
  duplicateCount: 0,
  raw: JSON.stringify(payload),
  problems: [],
});

test('a call is told in event-time order, whatever order it arrived in', async () => {
  const target = { type: 'user', name: 'Grace Example' };
  const events = connection([
    event('3', 'hangup', '2026-03-08T14:02:09.000Z', {}),
    event('1', 'ringing', '2026-03-08T14:00:02.000Z', { target }),
    event('2', 'connected', '2026-03-08T14:00:09.000Z', { target, date_connected: 1 }),
  ]);
  serveApi(companyRoot({ call: () => makeCall('77', { events, masterCallId: '76' }) }));
  openPage('/c/acme/calls/77');
  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent(
    'Answered inbound call',
  );
  const items = screen.getAllByRole('listitem').map((item) => item.textContent);
  const timeline = items.filter((text) => text?.startsWith('+'));
  expect(timeline).toEqual([
    '+0:02Rings at Grace Example10:00:02',
    '+0:09Connected to Grace Example10:00:09',
    '+2:09The call ended10:02:09',
  ]);
  expect(screen.getByRole('link', { name: '76' })).toHaveAttribute('href', '/c/acme/calls/76');
});

test('what was unusual about the way an event came is said, in words', async () => {
  const late = {
    ...event('1', 'ringing', '2026-03-08T14:00:02.000Z', {}),
    receivedAt: '2026-03-08T14:03:22.000Z',
    late: true,
    outOfOrder: true,
    duplicateCount: 2,
  };
  serveApi(companyRoot({ call: () => makeCall('77', { events: connection([late]) }) }));
  openPage('/c/acme/calls/77');
  const words = await screen.findByText(/Received late/);
  expect(words).toHaveTextContent(
    'Received late: happened at 10:00:02, received at 10:03:22, 3m 20s later',
  );
  expect(screen.getByText(/^Out of order/)).toBeInTheDocument();
  expect(screen.getByText('Received 3 times')).toBeInTheDocument();
  await userEvent.click(screen.getByText('Raw events'));
  expect(screen.getByText('out of order')).toBeInTheDocument();
  expect(screen.getByText('received 3 times')).toBeInTheDocument();
});

test('raw events are text, and a link that is not Dialpad’s stays text', async () => {
  const raw = { name: '<img src=x onerror=alert(1)>' };
  serveApi(
    companyRoot({
      call: () =>
        makeCall('77', {
          voicemailLink: 'https://dialpad.com.example.com/v',
          events: connection([event('1', 'hangup', '2026-03-08T14:02:09.000Z', raw)]),
        }),
    }),
  );
  openPage('/c/acme/calls/77');
  await userEvent.click(await screen.findByText('Raw events'));
  expect(screen.getByText(/"name": "<img src=x/)).toBeInTheDocument();
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByText('https://dialpad.com.example.com/v').closest('a')).toBeNull();
});

test('an unknown call is the plain not-found page', async () => {
  serveApi(companyRoot({ call: () => null }));
  openPage('/c/acme/calls/1');
  expect(await screen.findByRole('heading', { name: 'Nothing here' })).toBeInTheDocument();
});
