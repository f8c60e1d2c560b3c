// Builds the product.
//
//   node .ci/build.mjs            the npm module: WebAssembly, generated types, TypeScript -> web/dist
//   node .ci/build.mjs --wasm     only the WebAssembly
//   node .ci/build.mjs --web      only the TypeScript and the editor's page
//   node .ci/build.mjs --native   the native tests (sanitizers)
//   node .ci/build.mjs --generate only web/src/generated/slices.ts
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPreset } from './lib/cmake.mjs';
import { withLock } from './lib/lock.mjs';
import { stateRoot } from './lib/paths.mjs';
import { reportFailure, say } from './lib/process.mjs';
import { buildEditor, buildModule, dumpSliceTable, generateSlices } from './lib/web.mjs';
import { setUp } from './setup.mjs';

/** What can be built, in the order in which it is built. */
const kParts = {
  wasm: (env) => buildPreset('wasm-release', [], env),
  // The slice table as JSON in build/slice-table.json; the tidy test compares the committed types with it.
  table: async (env) => {
    await buildPreset('wasm-release', ['slice_table_dump'], env);
    dumpSliceTable(env);
  },
  generate: (env) => generateSlices(env),
  module: (env) => buildModule(env),
  editor: (env) => buildEditor(env),
  native: (env) => buildPreset('native-debug', [], env),
  // Optimised and without sanitizers: it recovers hundreds of thousands of disks.
  crash: (env) => buildPreset('native-release', [], env),
  wasmTests: (env) => buildPreset('wasm-debug', [], env),
};

/**
 * Builds parts, one build at a time in this clone.
 * @param {(keyof typeof kParts)[]} names
 * @param {NodeJS.ProcessEnv} env from setUp
 */
export async function build(names, env) {
  await withLock(join(stateRoot, 'build.lock'), 'build', async () => {
    for (const name of Object.keys(kParts)) if (names.includes(name)) await kParts[name](env);
  });
}

const kByOption = { '--native': ['native'], '--wasm': ['wasm'], '--web': ['module', 'editor'], '--generate': ['table', 'generate'] };

async function main(args) {
  const unknown = args.find((arg) => !(arg in kByOption));
  if (unknown) throw new Error(`unknown option ${unknown}; known: ${Object.keys(kByOption).join(' ')}`);
  const parts = args.length > 0 ? args.flatMap((arg) => kByOption[arg]) : ['wasm', 'table', 'generate', 'module'];
  await build(parts, await setUp(parts.includes('native') ? 'test' : 'build'));
  say(`built: ${parts.join(', ')}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.slice(2)).catch((error) => { process.exitCode = reportFailure(error); });
}
