// The arrows of this folder: routes → features → components, gql, lib; features do not know each
// other, and a route file holds its route and nothing else for others to import.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spokenTexts } from './testing/spoken-text';

const LINES_MAX = 300;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(gen|test)\.tsx?$/.test(name))
  .filter((name) => name !== 'gql/documents.ts')
  .map((name) => ({ name, text: readFileSync(`src/${name}`, 'utf8') }));

const importsOf = (text: string) =>
  [...text.matchAll(/from '~\/([^']+)'/g)].map((match) => match[1] ?? '');

test('a feature imports no other feature, and nothing below imports a feature', () => {
  const wrong = files.flatMap(({ name, text }) => {
    const own = /^features\/[^/]+/.exec(name)?.[0];
    const above = /^(routes|testing)\/|^(main|router)\.tsx$/.test(name);
    if (above) return [];
    return importsOf(text)
      .filter((path) => /^(features|routes)\//.test(path) && !(own && path.startsWith(`${own}/`)))
      .map((path) => `${name} imports ${path}`);
  });
  expect(wrong).toEqual([]);
});

test('a route file exports its route only', () => {
  const wrong = files
    .filter(({ name }) => name.startsWith('routes/'))
    .filter(({ text }) => /^export (?!const Route\b)/m.test(text))
    .map(({ name }) => name);
  expect(wrong).toEqual([]);
});

test('files stay short enough to be read', () => {
  const long = files
    .filter(({ text }) => text.split('\n').length > LINES_MAX)
    .map(({ name }) => name);
  expect(long).toEqual([]);
});

/** Names of types, which begin with a capital too. */
const NO_SENTENCES = ["lib/graphql-client.ts: 'Party'", "lib/graphql-client.ts: 'Viewer'"];

test('whatever people read or hear stands in words/', () => {
  const spoken = files
    .filter(({ name }) => !/^(words|gql|testing)\//.test(name))
    .map(({ name, text }) => ({ name, texts: spokenTexts(name, text) }));
  const wrong = spoken
    .flatMap(({ name, texts }) => texts.map((text) => `${name}: ${text}`))
    .filter((text) => !NO_SENTENCES.includes(text));
  expect(wrong).toEqual([]);
});
