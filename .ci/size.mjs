// Prints the sizes of what a page downloads (WebAssembly and its glue) and fails over the budget.
import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { inProject } from './lib/paths.mjs';

/** Bytes of core.wasm and core.web.mjs together, each compressed by gzip -9. */
const kBudgetBytes = 120_000;
const kFiles = ['core.wasm', 'core.web.mjs'];

const rows = kFiles.map((name) => {
  const path = inProject('web/dist/wasm', name);
  if (!existsSync(path)) {
    console.error(`web/dist/wasm/${name} is missing: run npm run build`);
    process.exit(1);
  }
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).length;
  return { name, raw: bytes.length, gzip, brotli: brotliCompressSync(bytes).length };
});
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
rows.push({ name: 'together', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') });

const cell = (value) => String(value).padStart(10);
console.log(`${'bytes'.padEnd(14)}${cell('raw')}${cell('gzip -9')}${cell('brotli')}`);
for (const { name, raw, gzip, brotli } of rows) console.log(`${name.padEnd(14)}${cell(raw)}${cell(gzip)}${cell(brotli)}`);
const total = rows.at(-1).gzip;
console.log(`budget ${kBudgetBytes} bytes of gzip: ${total <= kBudgetBytes ? 'kept' : 'EXCEEDED'} (${Math.round((100 * total) / kBudgetBytes)} %)`);
process.exitCode = total <= kBudgetBytes ? 0 : 1;
