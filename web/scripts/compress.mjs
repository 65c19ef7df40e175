// Writes .br and .gz beside every text asset, so that the server never compresses while serving.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
let count = 0;
for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const bytes = readFileSync(dist + name);
  writeFileSync(`${dist}${name}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(
    `${dist}${name}.br`,
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  );
  count += 1;
}
console.log(`${count} files compressed.`);
