// Prints the sizes of what a page downloads, as one with a bundler gets it, and fails over the budgets.
import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { inProject } from './lib/paths.mjs';

/**
 * Bytes of gzip -9 that a page downloads in all: what it may be, and the most that it is allowed to be until it is there. The limits
 * are lowered when there is less; 0027 says why they were raised once.
 */
const kBudgets = [
  { name: 'core', parts: ['core.wasm', 'glue', 'client'], bytes: 120_000, limit: 155_500 },
  { name: 'core with hooks', parts: ['core.wasm', 'glue', 'client', 'react hooks'], bytes: 130_000, limit: 158_800 },
];

function fileOf(name) {
  const path = inProject('web/dist', name);
  if (existsSync(path)) return readFileSync(path);
  console.error(`web/dist/${name} is missing: run npm run build`);
  process.exit(1);
}

/** An entry of the package with everything it loads at once, minified; other entries and optional parts are not in it, nor what the bundler adds of its own. */
async function bundled(entry, external) {
  const { output } = await build({
    configFile: false, logLevel: 'error', root: inProject('web/dist'),
    build: { write: false, minify: true, modulePreload: false, target: 'es2022', rollupOptions: { input: inProject('web/dist', entry), external, preserveEntrySignatures: 'strict', output: { format: 'es' } } },
  });
  // What the entry shares with an optional part is a chunk of its own, and is loaded at once all the same.
  const loaded = new Set([output.find((chunk) => chunk.isEntry)]);
  for (const { imports } of loaded) for (const chunk of output) if (imports.includes(chunk.fileName)) loaded.add(chunk);
  return Buffer.from([...loaded].map(({ code }) => code).join(''));
}

const files = { 'core.wasm': fileOf('wasm/core.wasm'), glue: fileOf('wasm/core.web.mjs') };
fileOf('index.js');
files.client = await bundled('index.js', ['#wasm-glue']);
files.components = await bundled('components/index.js', [/^react/, /^codeforge-core/]);
files['components.css'] = fileOf('components/components.css');
files['react hooks'] = await bundled('react/index.js', [/^react/, /\.\.\/index\.js$/, '#wasm-glue', /^codeforge-core/]);

const measured = (bytes) => [bytes.length, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).length, brotliCompressSync(bytes).length];
const rows = new Map(Object.entries(files).map(([name, bytes]) => [name, measured(bytes)]));
const sum = (parts) => [0, 1, 2].map((column) => parts.reduce((total, part) => total + rows.get(part)[column], 0));
const line = (name, cells) => console.log(name.padEnd(16) + cells.map((cell) => String(cell).padStart(10)).join(''));
line('bytes', ['raw', 'gzip -9', 'brotli']);
for (const [name, cells] of rows) line(name, cells);
for (const { name, parts, bytes, limit } of kBudgets) {
  const cells = sum(parts);
  line(name, cells);
  const verdict = cells[1] <= bytes ? 'kept' : `missed by ${cells[1] - bytes}`;
  console.log(`  budget of ${name}: ${bytes} bytes of gzip, ${verdict}${cells[1] > limit ? `; OVER THE LIMIT of ${limit}` : ''}`);
  if (cells[1] > limit) process.exitCode = 1;
}
