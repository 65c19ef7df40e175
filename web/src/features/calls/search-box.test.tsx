import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { apiError, companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { makeFacets } from '~/testing/histogram';
import { openPage } from '~/testing/open-page';

const root = () =>
  companyRoot({
    calls: connection([makeCall('1')]),
    callFacets: {
      ...makeFacets(),
      outcome: [{ value: 'MISSED', count: { value: 12, exact: true } }],
    },
  });

async function openBox(address = '/c/acme/calls') {
  const page = openPage(address);
  await screen.findByText('Customer 1');
  return { ...page, box: screen.getByRole('combobox', { name: 'Search calls' }) };
}

const options = () => screen.getAllByRole('option').map((option) => option.textContent);

test('a key, then its values with what they would find, by keyboard alone', async () => {
  const sent = serveApi(root());
  const { address, box } = await openBox('/c/acme/calls?dir=inbound');
  await userEvent.type(box, 'ada outc');
  expect(options()).toEqual(['outcome: what came of it']);
  expect(box).toHaveAttribute('aria-expanded', 'true');
  await userEvent.keyboard('{ArrowDown}');
  expect(box).toHaveAttribute(
    'aria-activedescendant',
    screen.getByRole('option', { selected: true }).id,
  );
  await userEvent.keyboard('{Enter}');
  expect(box).toHaveValue('ada outcome:');
  // A key alone is no question yet.
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada&dir=inbound'));
  expect(await screen.findByRole('option', { name: /missed.*12/ })).toBeInTheDocument();
  expect(options()[0]).toContain('missed');
  const facets = sent.findLast(({ query }) => query.includes('CallFacets('));
  expect(facets?.variables).toMatchObject({
    query: 'ada',
    filter: { direction: { in: ['INBOUND'] } },
  });
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=ada+outcome:missed&dir=inbound'));
  expect(box).toHaveValue('ada outcome:missed ');
  expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
});

test('counts of one key are never shown for another', async () => {
  serveApi(
    companyRoot({
      calls: connection([makeCall('1')]),
      callFacets: {
        ...makeFacets(),
        outcome: [{ value: 'MISSED', count: { value: 12, exact: true } }],
        direction: () => new Promise(() => {}),
      },
    }),
  );
  const { box } = await openBox();
  await userEvent.type(box, 'outcome:');
  expect(await screen.findByRole('option', { name: /missed.*12/ })).toBeInTheDocument();
  await userEvent.clear(box);
  await userEvent.type(box, 'direction:');
  expect(options()).toEqual(['inbound ', 'outbound ', 'unknown ']);
});

test('Enter searches for what is written, unless something of the list was chosen', async () => {
  serveApi(root());
  const { address, box } = await openBox();
  await userEvent.type(box, 'missed');
  expect(options()).toEqual(['outcome:missed ']);
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=missed'));
  expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
});

test('Escape closes the list first; the arrow opens it again', async () => {
  serveApi(root());
  const { box } = await openBox();
  await userEvent.type(box, 'du');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
  expect(box).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}');
  await userEvent.click(screen.getByRole('option', { name: /^duration:/ }));
  expect(box).toHaveValue('duration:');
  expect(box).toHaveFocus();
  await userEvent.clear(box);
  expect(screen.queryByRole('listbox')).not.toBeInTheDocument();
  await userEvent.keyboard('{ArrowDown}');
  expect(screen.getAllByRole('option')).toHaveLength(8);
  await userEvent.keyboard('{Escape}{Escape}');
  expect(box).not.toHaveFocus();
});

test('what the server refuses is shown at its place and can be taken out', async () => {
  const calls = ({ query }: { query?: string }) => {
    if (!query?.includes('colour')) return connection([makeCall('1')]);
    throw apiError('colour: is not something to search by.', {
      code: 'BAD_QUERY',
      position: { start: 5, end: 16 },
    });
  };
  serveApi(companyRoot({ calls }));
  const { address } = await openBox('/c/acme/calls?q=%F0%9F%98%80ada');
  await userEvent.clear(screen.getByRole('combobox', { name: 'Search calls' }));
  // Positions count characters, of which a pictogram is one.
  await userEvent.type(
    screen.getByRole('combobox', { name: 'Search calls' }),
    '😀ada colour:blue last:7d',
  );
  const problem = await screen.findByRole('alert');
  expect(problem.querySelector('mark')).toHaveTextContent(/^colour:blue$/);
  await userEvent.click(within(problem).getByRole('button', { name: /^Remove/ }));
  await waitFor(() => expect(address()).toBe('/c/acme/calls?q=%F0%9F%98%80ada+last:7d'));
  expect(screen.getByRole('combobox', { name: 'Search calls' })).toHaveValue('😀ada last:7d');
});
