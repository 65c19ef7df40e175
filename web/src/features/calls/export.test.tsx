// Exports from the list: what is asked for, what is seen meanwhile, and how it ends.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { companyRoot, connection, makeCall, serveApi } from '~/testing/api';
import { openPage } from '~/testing/open-page';

const saved: { name: string; content: Blob }[] = [];

beforeEach(() => {
  saved.length = 0;
  let content = new Blob();
  // jsdom has no downloads.
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => {
      content = blob;
      return 'blob:export';
    },
    revokeObjectURL: () => {},
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    if (this.download) saved.push({ name: this.download, content });
  });
});

/** An export whose pieces the test sends. */
function serveExport(total = '2') {
  const asked: Record<string, unknown>[] = [];
  let pipe: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      pipe = controller;
    },
  });
  const api = fetch;
  let signal: AbortSignal | null | undefined;
  vi.stubGlobal('fetch', async (url: string | URL, init: RequestInit) => {
    if (url !== '/api/export') return api(url, init);
    asked.push(JSON.parse(String(init.body)));
    signal = init.signal;
    signal?.addEventListener('abort', () => pipe.error(new DOMException('gone', 'AbortError')));
    return new Response(body, {
      headers: {
        'content-type': 'text/csv',
        'content-disposition': 'attachment; filename="calls-acme-2026-03-09.csv"',
        'trunkline-total-count': total,
      },
    });
  });
  return {
    asked,
    send: (text: string) => pipe.enqueue(new TextEncoder().encode(text)),
    end: () => pipe.close(),
    breakOff: () => pipe.error(new TypeError('network error')),
    aborted: () => signal?.aborted,
  };
}

async function openExport(address = '/c/acme/calls?q=ada&dir=inbound') {
  serveApi(companyRoot({ calls: connection([makeCall('1'), makeCall('2')]) }));
  openPage(address);
  await screen.findByText('Customer 1');
  await userEvent.keyboard('e');
  return screen.findByRole('dialog', { name: 'Export calls' });
}

test('what the list shows is exported, watched, and saved under the name the server gives', async () => {
  const dialog = await openExport();
  expect(within(dialog).getByText('Inbound')).toBeInTheDocument();
  const { asked, send, end } = serveExport();
  await userEvent.click(within(dialog).getByRole('radio', { name: /^CSV, raw/ }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Export' }));
  send('call_id\r\n1\r\n');
  expect(await within(dialog).findByText(/^1 of 2 calls/)).toBeInTheDocument();
  expect(within(dialog).getByRole('progressbar')).toHaveAttribute('max', '2');
  send('2\r\n');
  end();
  expect(await within(dialog).findByText(/^2 calls saved as/)).toBeInTheDocument();
  expect(asked).toEqual([
    {
      company: 'Company:1',
      query: 'ada',
      filter: { direction: { in: ['INBOUND'] } },
      format: 'csv-raw',
    },
  ]);
  expect(saved.map(({ name }) => name)).toEqual(['calls-acme-2026-03-09.csv']);
  expect(saved[0]?.content.size).toBe('call_id\r\n1\r\n2\r\n'.length);
});

test('an export can be ended, and begun again', async () => {
  const dialog = await openExport();
  const { send, aborted } = serveExport();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Export' }));
  send('call_id\r\n1\r\n');
  await userEvent.click(await within(dialog).findByRole('button', { name: 'Cancel the export' }));
  expect(aborted()).toBe(true);
  expect(await within(dialog).findByRole('button', { name: 'Export' })).toBeEnabled();
  expect(saved).toEqual([]);
});

test('half an export is never saved as if it were whole', async () => {
  const dialog = await openExport();
  const { send, breakOff } = serveExport();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Export' }));
  send('call_id\r\n1\r\n');
  await within(dialog).findByText(/^1 of 2 calls/);
  breakOff();
  expect(await within(dialog).findByRole('alert')).toHaveTextContent(
    'The connection broke after 1 call, so nothing was saved.',
  );
  expect(saved).toEqual([]);
});

test('what the server refuses is said in its words', async () => {
  const dialog = await openExport();
  const busy = { error: { code: 'TOO_MANY_EXPORTS', message: 'Other exports are running.' } };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(busy), { status: 429 }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Export' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Other exports are running.');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
});

test('closed, it gives the focus back to what opened it', async () => {
  serveApi(companyRoot({ calls: connection([makeCall('1')]) }));
  openPage('/c/acme/calls');
  const opener = await screen.findByRole('button', { name: 'Export' });
  await userEvent.click(opener);
  await screen.findByRole('dialog', { name: 'Export calls' });
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(opener).toHaveFocus());
});
