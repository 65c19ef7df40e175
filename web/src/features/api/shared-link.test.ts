import { expect, test } from 'vitest';
import { packDraft, unpackDraft } from './shared-link';

test('what is packed comes out again, and is short enough for a link', async () => {
  const field = 'externalNumber { national } # “§” \n';
  const draft = { query: `{ company { ${field.repeat(50)} } }`, variables: '{ "a": "ü" }' };
  const packed = await packDraft(draft);
  expect(packed).toMatch(/^[\w-]+$/);
  expect(packed.length).toBeLessThan(400);
  expect(await unpackDraft(packed)).toEqual(draft);
});

test('what this page did not write is not read', async () => {
  expect(await unpackDraft('')).toBeNull();
  expect(await unpackDraft('no*base64')).toBeNull();
  expect(await unpackDraft('AAAA')).toBeNull();
  const cut = (await packDraft({ query: '{ viewer { user { id } } }', variables: '' })).slice(
    0,
    -6,
  );
  expect(await unpackDraft(cut)).toBeNull();
});

test('a small link cannot hold a large text', async () => {
  const bomb = await packDraft({ query: 'x'.repeat(1_000_000), variables: '' });
  expect(bomb.length).toBeLessThan(2_000);
  expect(await unpackDraft(bomb)).toBeNull();
});
