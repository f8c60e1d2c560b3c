// Puts the linked module where the npm package expects it; called by CMake's target wasm_module.
//
//   node .ci/install-module.mjs <build folder> <destination>
//
// Emscripten leaves long names inside the glue; minifying it once more takes a quarter off its compressed size. The functions of
// core.wasm are put into an order that compresses better.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inGoodOrder } from './lib/function-order.mjs';

const [, , buildFolder, destination] = process.argv;
const kGlue = [['core_web/core.mjs', 'core.web.mjs'], ['core_node/core.mjs', 'core.node.mjs']];

function writeIfDifferent(name, content) {
  const path = join(destination, name);
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  writeFileSync(path, content);
}

async function minified(name, source) {
  const { minify } = await import('vite');
  // Only names of variables are shortened, never those of properties: the core's users set some on the module.
  const { code, errors } = await minify(name, source, { module: true, compress: true, mangle: { toplevel: true } });
  if (errors?.length) throw new Error(`${name}: ${errors[0].message}`);
  return code;
}

const wasm = readFileSync(join(buildFolder, 'core_web/core.wasm'));
if (!wasm.equals(readFileSync(join(buildFolder, 'core_node/core.wasm')))) {
  // One core.wasm is shipped for both; its import names are private to the link that made it.
  throw new Error('the links for web and for Node made different core.wasm files');
}
mkdirSync(destination, { recursive: true });
writeIfDifferent('core.wasm', inGoodOrder(wasm));
writeIfDifferent('core.d.ts', readFileSync(join(buildFolder, 'core_node/core.d.ts')));
for (const [from, to] of kGlue) writeIfDifferent(to, await minified(to, readFileSync(join(buildFolder, from), 'utf8')));
