// The packed package in every place where it is used: Node, the bundlers, a plain module script, type checkers.
// Each project is built and run for real, in Chromium and in Firefox: it opens a store, edits, flushes, and finds the edit at its second visit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import * as chromium from '../browser/support/chromium.mjs';
import * as firefox from '../browser/support/firefox.mjs';
import { noteViolations, violationsOf } from '../browser/support/violations.mjs';
import { Packed, root } from './packed.mjs';

const kPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'";
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const bin = (name) => join(root, 'node_modules/.bin', name);
const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

let packed;
const profiles = [new chromium.Profile(), new firefox.Profile()];
const pages = [];
before(async () => {
  packed = new Packed();
  for (const profile of profiles) {
    const page = await profile.open();
    await noteViolations(page);
    pages.push(page);
  }
});
after(async () => {
  for (const profile of profiles) await profile.remove();
  packed?.remove();
});

/** Serves a folder under the policy. */
async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': kPolicy });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}

/** Two visits of the page in `folder`, in Chromium and in Firefox. */
async function visits(folder) {
  const server = await serve(folder);
  try {
    for (const page of pages) {
      const seen = [];
      for (let visit = 0; visit < 2; visit++) {
        await page.goto(server.url);
        await page.waitForSelector('body[data-seen], body[data-failed]', { state: 'attached' });
        assert.equal(await page.getAttribute('body', 'data-failed'), null);
        seen.push(JSON.parse(await page.getAttribute('body', 'data-seen')));
        assert.deepEqual(await violationsOf(page), []);
      }
      assert.deepEqual(seen, [{ found: [], save: 'saved' }, { found: ['f0'], save: 'saved' }]);
    }
  } finally {
    await server.close();
  }
}

test('the tarball has the module, its types, its WebAssembly and papers, and nothing else', () => {
  const paths = packed.report.files.map(({ path }) => path);
  const strange = paths.filter((path) => !/^(package\.json|README\.md|LICENSE|web\/dist\/.*\.(js|mjs|d\.ts|d\.mts|css)|web\/dist\/wasm\/core\.wasm|web\/dist\/browser\/core\.wasm)$/.test(path));
  assert.deepEqual(strange, []);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [entry, target] of Object.entries(exports))
    for (const path of typeof target === 'string' ? [target] : Object.values(target))
      if (!path.includes('*')) assert.ok(paths.includes(path.slice(2)), `${entry} leads to ${path}, which is not in the tarball`);
  console.log(`tarball: ${packed.report.size} bytes packed, ${packed.report.unpackedSize} unpacked, ${paths.length} files`);
});

test('Node ESM, without React installed', () => {
  const folder = packed.project('node-esm');
  // The database of the test, not of the package.
  symlinkSync(join(root, 'node_modules/fake-indexeddb'), join(folder, 'node_modules/fake-indexeddb'));
  const { first, second, react } = JSON.parse(run(process.execPath, ['main.mjs'], folder));
  assert.deepEqual([first.found, second.found], [[], ['f0']]);
  assert.equal(react, 'ERR_MODULE_NOT_FOUND', 'React is optional: only the entries for React ask for it');
});

test('Vite', { timeout: 120_000 }, async () => {
  const folder = packed.project('vite');
  packed.page(folder, '/page.js');
  run(bin('vite'), ['build'], folder);
  await visits(join(folder, 'dist'));
});

test('webpack', { timeout: 120_000 }, async () => {
  const folder = packed.project('webpack');
  const { default: webpack } = await import('webpack');
  const { default: config } = await import(join(folder, 'webpack.config.mjs'));
  const stats = await new Promise((resolve, reject) => webpack({ ...config, context: folder, output: { ...config.output, path: join(folder, 'dist') } }, (error, done) => (error ? reject(error) : resolve(done))));
  assert.equal(stats.hasErrors(), false, stats.toString('errors-only'));
  packed.page(join(folder, 'dist'), '/page.js');
  await visits(join(folder, 'dist'));
});

test('esbuild, with the WebAssembly copied beside the bundle', { timeout: 120_000 }, async () => {
  const folder = packed.project('esbuild');
  run(bin('esbuild'), ['page.js', '--bundle', '--format=esm', '--minify', '--outfile=dist/page.js'], folder);
  cpSync(join(folder, 'node_modules/codeforge-core/web/dist/wasm/core.wasm'), join(folder, 'dist/core.wasm'));
  packed.page(join(folder, 'dist'), '/page.js');
  await visits(join(folder, 'dist'));
});

test('esbuild, with wasmUrl', { timeout: 120_000 }, async () => {
  const folder = packed.project('esbuild');
  writeFileSync(join(folder, 'options.js'), "globalThis.visitOptions = { name: 'with-url', wasmUrl: '/assets/core.wasm' };\n");
  writeFileSync(join(folder, 'page-with-url.js'), "import './options.js';\nimport './page.js';\n");
  run(bin('esbuild'), ['page-with-url.js', '--bundle', '--format=esm', '--outfile=dist/page.js'], folder);
  cpSync(join(folder, 'node_modules/codeforge-core/web/dist/wasm/core.wasm'), join(folder, 'dist/assets/core.wasm'));
  packed.page(join(folder, 'dist'), '/page.js');
  await visits(join(folder, 'dist'));
});

test('a plain module script, without a bundler and without an import map', { timeout: 120_000 }, async () => {
  const folder = packed.project('script');
  const bundle = './node_modules/codeforge-core/web/dist/browser/codeforge-core.js';
  writeFileSync(join(folder, 'app.js'), readFileSync(join(folder, 'app.js'), 'utf8').replace("'codeforge-core'", `'${bundle}'`));
  packed.page(folder, '/page.js');
  await visits(folder);
});

for (const resolution of ['bundler', 'node16']) {
  test(`strict TypeScript, moduleResolution ${resolution}`, { timeout: 120_000 }, () => {
    const folder = packed.project('types');
    for (const name of ['react', 'csstype']) if (existsSync(join(root, 'node_modules', name === 'react' ? '@types/react' : name)))
      symlinkSync(join(root, 'node_modules', name === 'react' ? '@types/react' : name), join(folder, 'node_modules', name));
    const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, jsx: 'react-jsx', target: 'es2022', lib: ['es2024', 'dom'],
      module: resolution === 'bundler' ? 'preserve' : 'node16', moduleResolution: resolution, types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }));
    run(bin('tsc'), ['-p', folder], folder);
  });
}

test('publint finds nothing', async () => {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const tarball = readFileSync(packed.tarball);
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) }, level: 'suggestion', strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('attw finds no entry whose types are wrong', () => {
  // The package is ESM only, on purpose: the profile leaves out resolution as CommonJS and as Node 10 did it.
  const table = run(bin('attw'), [packed.tarball, '--format', 'ascii', '--no-color', '--profile', 'esm-only', '--exclude-entrypoints', 'components.css', 'core.wasm'], root);
  assert.match(table, /"codeforge-core\/react"/);
});
