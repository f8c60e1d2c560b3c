// The TypeScript of the npm module, and the editor's page.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './paths.mjs';
import { captureOrFail, say, streamOrFail } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const kModuleFolder = inProject('web/dist');
const kEditorFolder = inProject('web/editor/dist');
/** Source folders in the order of their dependence, and where their output goes. */
const kModuleParts = [
  { source: inProject('web/src'), output: kModuleFolder, foreign: ['react', 'components', 'compat', 'devtools', 'wasm', 'vendor', 'browser'] },
  { source: inProject('web/react'), output: join(kModuleFolder, 'react'), foreign: [] },
  { source: inProject('web/devtools'), output: join(kModuleFolder, 'devtools'), foreign: [] },
  { source: inProject('web/components'), output: join(kModuleFolder, 'components'), foreign: [], style: 'components.css' },
  { source: inProject('web/compat'), output: join(kModuleFolder, 'compat'), foreign: [] },
];

/** Removes output whose source has gone, so that it is not packed. */
function removeOrphans(source, output, foreign) {
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    const made = join(output, entry.name);
    if (entry.isDirectory()) {
      if (foreign.includes(entry.name)) continue;
      if (existsSync(join(source, entry.name))) removeOrphans(join(source, entry.name), made, []);
      else rmSync(made, { recursive: true });
    } else if (/\.(js|d\.ts)$/.test(entry.name)) {
      const stem = entry.name.replace(/\.(js|d\.ts)$/, '');
      if (!['.ts', '.tsx'].some((suffix) => existsSync(join(source, stem + suffix)))) rmSync(made);
    }
  }
}

/**
 * Copies the JSON Schema interpreter into the module. It is loaded by a relative path, which a page without
 * a bundler can follow as well, and only when a slice has a schema.
 */
function copyValidator() {
  const source = inProject('node_modules/@cfworker/json-schema');
  const output = join(kModuleFolder, 'vendor/json-schema');
  const { version, author, license } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const head = `// @cfworker/json-schema ${version}, ${author}, licence ${license}\n`;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  for (const name of readdirSync(join(source, 'dist/esm')).filter((file) => file.endsWith('.js')))
    writeFileSync(join(output, name), head + readFileSync(join(source, 'dist/esm', name), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''));
}

/** The one cipher of @noble/ciphers that sealed stores use, as one file: loaded like the JSON Schema interpreter, and by as few. */
async function bundleCipher() {
  const { build } = await import('esbuild');
  const { version, author, license } = JSON.parse(readFileSync(inProject('node_modules/@noble/ciphers/package.json'), 'utf8'));
  await build({
    stdin: { contents: "export { gcm } from '@noble/ciphers/aes.js';", resolveDir: inProject() }, bundle: true, format: 'esm', minify: true, target: 'es2022',
    outfile: join(kModuleFolder, 'vendor/ciphers/aes-gcm.js'), banner: { js: `// @noble/ciphers ${version}, ${author}, licence ${license}` }, logLevel: 'error',
  });
}

/** Compiles the parts to web/dist when a source changed. */
export async function buildModule(env) {
  await compileModule(env);
  const glue = join(kModuleFolder, 'wasm/core.web.mjs');
  if (!existsSync(glue)) return; // only the types were asked for
  const hash = hashOf([...kModuleParts.map((part) => part.source), glue, inProject('package-lock.json')]);
  const stampFile = join(kModuleFolder, '.browser-stamp');
  if (isStamped(stampFile, hash)) return;
  await buildBrowserFile();
  stamp(stampFile, hash);
}

async function compileModule(env) {
  const hash = hashOf([...kModuleParts.map((part) => part.source), inProject('package-lock.json')]);
  const stampFile = join(kModuleFolder, '.typescript-stamp');
  if (isStamped(stampFile, hash) && existsSync(join(kModuleFolder, 'index.js'))) return;
  say('compiling the TypeScript of the module');
  for (const { source, output, foreign, style } of kModuleParts) {
    await streamOrFail('TypeScript', inProject('node_modules/.bin/tsc'), ['-p', source], { env, cwd: inProject(), remedy: 'The compiler\'s messages are above.' });
    removeOrphans(source, output, foreign);
    if (style) copyFileSync(join(source, style), join(output, style));
  }
  copyValidator();
  await bundleCipher();
  stamp(stampFile, hash);
}

const kTableFile = inProject('build/slice-table.json');

/** Writes build/slice-table.json by the table's program (built as WebAssembly, so that no native compiler is needed). */
export function dumpSliceTable(env) {
  writeFileSync(kTableFile, captureOrFail('slice table', process.execPath, [inProject('build/wasm-release/slice_table_dump.js')], { env }));
}

/** Writes web/src/generated/slices.ts from build/slice-table.json. */
export function generateSlices(env) {
  captureOrFail('generated TypeScript', process.execPath, [inProject('web/generate/slices.mjs'), kTableFile],
    { env, cwd: inProject(), remedy: 'See web/generate/slices.mjs.' });
}

/** One file for a plain <script type="module">, which knows neither package names nor import maps. */
async function buildBrowserFile() {
  const { build } = await import('esbuild');
  const folder = join(kModuleFolder, 'browser');
  const { outputFiles } = await build({
    entryPoints: [join(kModuleFolder, 'index.js')], bundle: true, format: 'esm', minify: true, write: false, outdir: folder, target: 'es2022',
    splitting: true, entryNames: 'codeforge-core', chunkNames: '[name]-[hash]', absWorkingDir: inProject(),
  });
  const beside = /new URL\((["`'])core\.wasm\1,\s*import\.meta\.url\)/g;
  const texts = outputFiles.map(({ path, text }) => [path, text]);
  if (texts.flatMap(([, text]) => text.match(beside) ?? []).length !== 1) throw new Error('the browser file looks for its WebAssembly elsewhere than expected');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of texts) writeFileSync(path, text.replace(beside, 'new URL("../wasm/core.wasm",import.meta.url)'));
}

/** Builds the editor's page when it or the module changed. */
export async function buildEditor(env) {
  // The module belongs to the page: its folder is called `dist`, so it is hashed by itself and not skipped.
  const hash = hashOf([inProject('web/editor'), inProject('package-lock.json')], { extra: hashOf([kModuleFolder]) });
  const stampFile = join(kEditorFolder, '.stamp');
  if (isStamped(stampFile, hash) && existsSync(join(kEditorFolder, 'index.html'))) return;
  say('building the editor');
  const config = inProject('web/editor/tsconfig.json');
  if (existsSync(config)) await streamOrFail('editor types', inProject('node_modules/.bin/tsc'), ['-p', config, '--noEmit'], { env, cwd: inProject() });
  await streamOrFail('editor', inProject('node_modules/.bin/vite'), ['build', inProject('web/editor'), '--logLevel', 'warn'], { env, cwd: inProject() });
  stamp(stampFile, hash);
}
