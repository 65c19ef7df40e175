// What a visitor downloads, per route, gzip -9, against its budget. Fails when one is exceeded.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const KB = 1_000;
const SIGNED_OUT_KB_MAX = 155;
const SHELL_KB_MAX = 205;
const CALLS_KB_MAX = 50;
/** All script between an address and the list of calls. */
const FIRST_LOAD_KB_MAX = 250;
/** It has an editor, which nobody downloads who does not open the page. */
const API_KB_MAX = 160;
const OTHER_ROUTE_KB_MAX = 55;
const CSS_KB_MAX = 50;

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
const gzipBytes = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;

/** A chunk with everything it imports statically. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const jsBytes = (keys) => [...keys].reduce((sum, key) => sum + gzipBytes(manifest[key].file), 0);
const union = (...sets) => new Set(sets.flatMap((set) => [...set]));
const minus = (all, base) => new Set([...all].filter((key) => !base.has(key)));
const routeKey = (name) => {
  const key = Object.keys(manifest).find((each) => each.startsWith(`src/routes/${name}?`));
  if (!key) throw new Error(`The build has no chunk for the route ${name}`);
  return key;
};

const entry = closure('index.html');
const signedOut = union(entry, closure(routeKey('_account.signup.tsx')));
const shell = union(
  entry,
  closure(routeKey('c.$company.tsx')),
  closure('src/features/session/viewer.ts'),
);
const CALLS = routeKey('c.$company.calls.index.tsx');
const extra = (name) => jsBytes(minus(closure(routeKey(name)), shell));
const css = [...new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []))];

const rows = [
  ['signed out (sign-up), JS', jsBytes(signedOut), SIGNED_OUT_KB_MAX],
  ['shell, JS', jsBytes(shell), SHELL_KB_MAX],
  ['calls, extra JS', extra('c.$company.calls.index.tsx'), CALLS_KB_MAX],
  ['calls, first load, JS', jsBytes(union(shell, closure(CALLS))), FIRST_LOAD_KB_MAX],
  ['one call, extra JS', extra('c.$company.calls.$callId.tsx'), OTHER_ROUTE_KB_MAX],
  ['deliveries, extra JS', extra('c.$company.deliveries.tsx'), OTHER_ROUTE_KB_MAX],
  ['set-up, extra JS', extra('c.$company.setup.tsx'), OTHER_ROUTE_KB_MAX],
  ['settings: people, extra JS', extra('c.$company.settings.people.tsx'), OTHER_ROUTE_KB_MAX],
  ['settings: keys, extra JS', extra('c.$company.settings.keys.tsx'), OTHER_ROUTE_KB_MAX],
  ['API, extra JS', extra('c.$company.api.tsx'), API_KB_MAX],
  ['all CSS', css.reduce((sum, file) => sum + gzipBytes(file), 0), CSS_KB_MAX],
];

let over = false;
for (const [what, bytes, max] of rows) {
  const size = bytes / KB;
  over ||= size > max;
  console.log(
    `${what.padEnd(28)} ${size.toFixed(1).padStart(7)} kB of ${max} ${size > max ? 'TOO BIG' : ''}`,
  );
}
process.exit(over ? 1 : 0);
