import { expect, test } from 'vitest';
import { spokenTexts } from './spoken-text';

const found = (source: string) => spokenTexts('page.tsx', source);

test('what is read or heard is found wherever a file says it', () => {
  expect(found('<p>Nothing here</p>')).toEqual(['Nothing here']);
  expect(found('<a aria-label="close">{icon}</a>')).toEqual(['"close"']);
  expect(found("<p>{busy ? 'wait' : words.done}</p>")).toEqual(["'wait'"]);
  expect(found(['<a title={`Copy $', '{what}`} />'].join(''))).toHaveLength(1);
  expect(found("const column = { label: 'size' };")).toEqual(["'size'"]);
  expect(found("say('The key is revoked');")).toEqual(["'The key is revoked'"]);
});

test('code, keys, names and types are no sentences', () => {
  const silent = [
    "import { Menu } from 'Some Module';",
    '<Kbd>Esc</Kbd>',
    '<code>export KEY=…</code>',
    '<p className="wide">{count}</p>',
    "if (event.key === 'Enter') run('outcome:missed');",
    "type Mode = 'Read only';",
    '<b>Trunkline</b>',
  ];
  expect(silent.flatMap(found)).toEqual([]);
});
