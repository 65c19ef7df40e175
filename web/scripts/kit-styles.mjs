// Only the styles of the kit's components that are used are shipped. Fails when the built scripts name
// a class of the kit that has a rule there and none here: a component without its styles.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const CLASS = /\bm_[0-9a-f]{6,8}\b/g;
const classes = (text) => new Set(text.match(CLASS));
const built = (extension) =>
  readdirSync(at('dist/assets'))
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(at(`dist/assets/${name}`), 'utf8'))
    .join('\n');

const styled = classes(readFileSync(at('node_modules/@mantine/core/styles.css'), 'utf8'));
const shipped = classes(built('.css'));
// Cards that can be ticked come with the scripts of the boxes and are used nowhere.
const UNUSED = ['CheckboxCard', 'RadioCard'];
const unused = classes(
  UNUSED.map((name) =>
    readFileSync(at(`node_modules/@mantine/core/styles/${name}.css`), 'utf8'),
  ).join('\n'),
);
const missing = [...classes(built('.js'))].filter(
  (name) => styled.has(name) && !shipped.has(name) && !unused.has(name),
);
if (missing.length > 0) {
  const dir = at('node_modules/@mantine/core/styles/');
  const files = readdirSync(dir)
    .filter((name) => !name.includes('.layer.'))
    .filter((name) => missing.some((each) => readFileSync(dir + name, 'utf8').includes(each)));
  console.error(`src/kit-styles.ts lacks ${files.join(', ')}`);
  process.exit(1);
}
console.log('The styles of every used component of the kit are there.');
