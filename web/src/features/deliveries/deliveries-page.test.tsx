import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiError, companyRoot, connection, makeCall, makeEndpoint, serveApi } from '~/testing/api';
import { makeDelivery, makeRecheck, makeRejected, makeSummary } from '~/testing/deliveries';
import { openPage } from '~/testing/open-page';

interface Filter {
  filter?: { outcome?: { in: string[] } };
}

/** An API with these deliveries, which knows the filter by outcome. */
function serveDeliveries(
  deliveries: ReturnType<typeof makeDelivery>[],
  fields: Record<string, unknown> = {},
  root: Record<string, unknown> = {},
) {
  return serveApi({
    ...companyRoot({
      deliveries: ({ filter }: Filter) => {
        const wanted = filter?.outcome?.in;
        return connection(deliveries.filter(({ outcome }) => wanted?.includes(outcome) ?? true));
      },
      deliverySummary: makeSummary({ received: 200, accepted: 150, duplicate: 4, rejected: 46 }),
      ...fields,
    }),
    node: ({ id }: { id: string }) => deliveries.find((each) => each.id === id) ?? null,
    ...root,
  });
}

test('a delivery is listed with what became of it, what it was and its call', async () => {
  serveDeliveries([
    makeDelivery('1', { call: makeCall('77'), recovered: true, key: 'PREVIOUS' }),
    makeRejected('2', { reason: 'UNSIGNED', bodyBytes: null }),
    makeDelivery('3', { kind: 'SMS', state: null, stateRaw: null, effect: 'OTHER_EVENT_KEPT' }),
  ]);
  openPage('/c/acme/deliveries');
  const rows = await screen.findAllByRole('row', { name: /EDT/ });
  expect(rows).toHaveLength(3);
  expect(rows[0]).toHaveTextContent('AcceptedrecoveredHung upCustomer 77Previous1.9 kB4 ms200');
  expect(within(rows[0] as HTMLElement).getByRole('link', { name: 'Customer 77' })).toHaveAttribute(
    'href',
    '/c/acme/calls/77',
  );
  expect(rows[1]).toHaveTextContent('RejectedNot signedUnknown');
  expect(rows[1]).toHaveTextContent('401');
  expect(rows[2]).toHaveTextContent('Text message');
});

test('the numbers say how the range fared, and filter when pressed', async () => {
  const sent = serveDeliveries([makeDelivery('1'), makeRejected('2')]);
  const { address } = openPage('/c/acme/deliveries');
  const numbers = await screen.findByRole('region', { name: 'Numbers of this range' });
  expect(await within(numbers).findByText('77.0 %')).toBeInTheDocument();
  await userEvent.click(within(numbers).getByRole('button', { name: /^Rejected/ }));
  expect(address()).toBe('/c/acme/deliveries?st=rejected');
  expect((await screen.findByText('matching')).parentElement).toHaveTextContent('1 matching');
  const asked = sent.filter(({ query }) => query.includes('query Deliveries(')).at(-1);
  expect(asked?.variables.filter).toEqual({
    outcome: { in: ['REJECTED'] },
    receivedAt: { gte: '-P7D' },
  });
});

test('the same refusal many times in a row is one line that can be opened', async () => {
  serveDeliveries([makeDelivery('0'), ...['1', '2', '3', '4'].map((id) => makeRejected(id))]);
  openPage('/c/acme/deliveries');
  const line = await screen.findByRole('button', { name: /4× ?Signature does not match/ });
  expect(
    screen.getByText(/The secret in Dialpad is not the one in the set-up/),
  ).toBeInTheDocument();
  expect(screen.getAllByRole('link', { name: /EDT/ })).toHaveLength(1);
  await userEvent.click(line);
  expect(screen.getAllByRole('link', { name: /EDT/ })).toHaveLength(5);
  await userEvent.click(line);
  expect(screen.getAllByRole('link', { name: /EDT/ })).toHaveLength(1);
});

test('by keyboard into a delivery, on to the next and back to its row', async () => {
  serveDeliveries([
    makeDelivery('1'),
    makeDelivery('2', { outcome: 'DUPLICATE', effect: 'NOTHING' }),
  ]);
  const { address } = openPage('/c/acme/deliveries');
  const [first, second] = await screen.findAllByRole('link', { name: /EDT/ });
  await userEvent.keyboard('j');
  expect(first).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  const panel = await screen.findByRole('region', { name: 'Accepted' });
  expect(panel).toHaveFocus();
  expect(address()).toBe('/c/acme/deliveries?d=Delivery:1');
  await userEvent.keyboard('j');
  expect(second).toHaveFocus();
  expect(await screen.findByRole('region', { name: 'Duplicate' })).toBeInTheDocument();
  expect(screen.getByText('Nothing: the event was known already')).toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(address()).toBe('/c/acme/deliveries'));
  await waitFor(() => expect(second).toHaveFocus());
});

test('an open delivery shows what was sent, field by field and raw, as text', async () => {
  const raw =
    '{"call_id":90071992547409931,"note":"<img src=x onerror=alert(1)>","date_ended":"soon"}';
  serveDeliveries([makeDelivery('1', { raw, problems: ['date_ended: no number'] })]);
  openPage('/c/acme/deliveries?d=Delivery:1');
  expect(await screen.findByText('90071992547409931')).toBeInTheDocument();
  expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeInTheDocument();
  expect(screen.getByText('date_ended: no number')).toBeInTheDocument();
  expect(screen.queryByText('Unverified.')).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Raw' }));
  expect(screen.getByText(/"note": "<img src=x/)).toBeInTheDocument();
  expect(document.querySelector('img')).toBeNull();
});

test('a refused token is read, and marked as something anyone could have written', async () => {
  serveDeliveries([makeRejected('1')]);
  openPage('/c/acme/deliveries?d=Delivery:1');
  expect(
    await screen.findByRole('heading', { name: 'Rejected: signature does not match' }),
  ).toBeInTheDocument();
  expect(await screen.findByText('Unverified.')).toBeInTheDocument();
  expect(screen.getByText('5210447000000016')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Raw' }));
  expect(screen.getByText('Header, decoded')).toBeInTheDocument();
  expect(screen.getByText(/"alg": "HS256"/)).toBeInTheDocument();
  expect(screen.getByText(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)).toBeInTheDocument();
});

test('a re-check asks first and then says what became of each', async () => {
  const refused = makeRejected('1');
  const recovered = makeDelivery('9', { call: makeCall('77'), recovered: true });
  const asked: unknown[] = [];
  serveDeliveries(
    [refused, recovered],
    { endpoint: makeEndpoint({ recheckableCount: 2 }) },
    {
      recheckDeliveries: ({ input }: { input: unknown }) => {
        asked.push(input);
        return makeRecheck({
          checked: 2,
          accepted: 1,
          rejected: 1,
          results: [
            { deliveryId: 'Delivery:1', outcome: 'ACCEPTED', reason: null, delivery: recovered },
            { deliveryId: 'Delivery:2', outcome: 'REJECTED', reason: 'UNSIGNED', delivery: null },
          ],
        });
      },
    },
  );
  openPage('/c/acme/deliveries');
  await userEvent.click(await screen.findByRole('button', { name: 'Re-check 2 deliveries' }));
  const dialog = await screen.findByRole('dialog', { name: 'Re-check deliveries' });
  expect(asked).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Re-check 2 deliveries' }));
  expect(
    await within(dialog).findByText('2 deliveries examined: 1 taken in, 1 still refused.'),
  ).toBeInTheDocument();
  expect(asked).toEqual([{ companyId: 'Company:1' }]);
  expect(within(dialog).getByRole('link', { name: 'Customer 77' })).toHaveAttribute(
    'href',
    '/c/acme/calls/77',
  );
  expect(within(dialog).getByText('Not signed')).toBeInTheDocument();
});

test('one delivery is re-checked by key, and the panel follows it to its new id', async () => {
  const recovered = makeDelivery('9', { recovered: true });
  serveDeliveries(
    [makeRejected('1'), recovered],
    {},
    {
      recheckDeliveries: ({ input }: { input: { deliveryIds: string[] } }) =>
        makeRecheck({
          checked: 1,
          accepted: 1,
          results: input.deliveryIds.map((deliveryId) => ({
            deliveryId,
            outcome: 'ACCEPTED',
            reason: null,
            delivery: recovered,
          })),
        }),
    },
  );
  const { address } = openPage('/c/acme/deliveries?d=Delivery:1');
  await screen.findByRole('heading', { name: /^Rejected/ });
  await screen.findAllByRole('link', { name: /EDT/ });
  await userEvent.keyboard('r');
  const dialog = within(await screen.findByRole('dialog', { name: 'Re-check deliveries' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Re-check this delivery' }));
  await userEvent.click(await dialog.findByRole('button', { name: 'Done' }));
  expect(address()).toBe('/c/acme/deliveries?d=Delivery:9');
});

test('a member sees the deliveries and cannot have them examined again', async () => {
  serveDeliveries([makeRejected('1')], {
    viewerRole: 'MEMBER',
    endpoint: makeEndpoint({ recheckableCount: 1 }),
  });
  openPage('/c/acme/deliveries?d=Delivery:1');
  expect(await screen.findByText(/An owner or admin can have it examined/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Re-check/ })).not.toBeInTheDocument();
});

test('a viewer is not shown the way, and told who can change that', async () => {
  const sent = serveDeliveries([makeRejected('1')], { viewerRole: 'VIEWER', endpoint: null });
  openPage('/c/acme/deliveries');
  expect(await screen.findByRole('heading', { name: 'You may not see this' })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Deliveries' })).not.toBeInTheDocument();
  expect(sent.every(({ query }) => query.includes('query Viewer'))).toBe(true);
});

test('a role the server refuses sees the same', async () => {
  const deliveries = () => {
    throw apiError('Forbidden', { code: 'FORBIDDEN' });
  };
  serveApi(companyRoot({ deliveries }));
  openPage('/c/acme/deliveries');
  expect(await screen.findByRole('heading', { name: 'You may not see this' })).toBeInTheDocument();
});

test('a company that never received anything is led to set-up', async () => {
  serveDeliveries([], { endpoint: makeEndpoint({ lastEventAt: null }) });
  openPage('/c/acme/deliveries');
  expect(await screen.findByRole('link', { name: 'Open set-up' })).toHaveAttribute(
    'href',
    '/c/acme/setup',
  );
});

test('nothing this week is told apart from nothing ever', async () => {
  serveDeliveries([]);
  const { address } = openPage('/c/acme/deliveries');
  await screen.findByRole('heading', { name: 'Nothing in the last 7 days' });
  await userEvent.click(screen.getByRole('button', { name: 'Show the last 90 days' }));
  expect(address()).toBe('/c/acme/deliveries?range=90d');
});

test('no match names every filter, and each can be removed', async () => {
  serveDeliveries([makeDelivery('1')]);
  const { address } = openPage('/c/acme/deliveries?st=rejected&why=signature');
  await screen.findByRole('heading', { name: 'No delivery matches' });
  await userEvent.click(screen.getByRole('button', { name: 'Remove Rejected' }));
  expect(address()).toBe('/c/acme/deliveries?why=signature');
});

test('an error shows the request id and can be retried', async () => {
  let broken = true;
  const deliveries = () => {
    if (broken) throw apiError('Internal error', { code: 'INTERNAL', requestId: 'req_42' });
    return connection([makeDelivery('1')]);
  };
  serveApi(companyRoot({ deliveries }));
  openPage('/c/acme/deliveries');
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('req_42');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Retry' }));
  expect(await screen.findByRole('link', { name: /EDT/ })).toBeInTheDocument();
});

test('a delivery that is gone says so', async () => {
  serveDeliveries([makeDelivery('1')]);
  openPage('/c/acme/deliveries?d=Delivery:404');
  expect(
    await screen.findByRole('heading', { name: 'This delivery is not here' }),
  ).toBeInTheDocument();
});
