// The same module in a worker, bundled by Vite and under a content security policy without unsafe-eval.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { Profile } from './support/browser.mjs';
import { Flask } from './support/flask.mjs';
import { noteViolations, violationsOf } from './support/violations.mjs';

const root = fileURLToPath(new URL('fixtures/worker/', import.meta.url));
const built = fileURLToPath(new URL('../../web/dist/index.js', import.meta.url));
const kPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *";

let folder;
let server;
let flask;
let profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'codeforge-worker-'));
  const shared = { configFile: false, root, logLevel: 'warn', resolve: { alias: { 'codeforge-core': built } }, worker: { format: 'es' } };
  await build({ ...shared, build: { outDir: folder, emptyOutDir: true, target: 'es2022' } });
  server = await preview({ ...shared, build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0, headers: { 'Content-Security-Policy': kPolicy } } });
  flask = await new Flask().start();
  profile = new Profile();
});
after(async () => {
  await profile?.remove();
  await server?.close();
  await flask?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('it opens, edits, flushes and pushes in a worker, and finds everything after a reload', { timeout: 90_000 }, async () => {
  const page = await profile.open();
  const address = server.resolvedUrls.local[0];
  await noteViolations(page);
  const ask = (...args) => page.evaluate((list) => globalThis.ask(...list), args);
  const options = { name: 'worker', flaskApiUrl: flask.url, autoSync: { enabled: false } };
  const file = { id: 'f', name: 'f.ts', content: 'in a worker', language: 'typescript', path: '/f.ts', updatedAt: 1 };
  await page.goto(address);
  await ask('open', options);
  await ask('dispatch', { type: 'files/addFile', payload: file });
  await ask('flush');
  assert.equal((await ask('push')).pushed, 1);
  await page.reload();
  await ask('open', options);
  assert.deepEqual(await ask('files'), [file]);
  assert.deepEqual(await violationsOf(page), []);
});

test('a JSON schema and a migration work under the same policy, which forbids eval', { timeout: 90_000 }, async () => {
  await profile.close();
  const page = await profile.open();
  await noteViolations(page);
  const ask = (...args) => page.evaluate((list) => globalThis.ask(...list), args);
  const schema = { type: 'object', required: ['path'], properties: { path: { type: 'string', format: 'uri-reference' }, tags: { type: 'array', items: { $ref: '#/$defs/tag' } } }, $defs: { tag: { pattern: '^[a-z]+$' } } };
  const options = { name: 'rules', storage: 'indexeddb', slices: { notes: { indexes: ['path'], schema } } };
  await page.goto(server.resolvedUrls.local[0]);
  await ask('open', options);
  const add = (payload) => ask('dispatch', { type: 'notes/addItem', payload });
  assert.match((await add({ id: 'bad', path: 7 })).error.message, /^notes\/addItem: payload\.path violates the schema of notes/);
  assert.match((await add({ id: 'bad', path: '/x', tags: ['ok', 'NOT'] })).error.message, /payload\.tags\[1\] violates/);
  assert.equal((await add({ id: 'good', path: '/x', tags: ['ok'] })).error, undefined);
  assert.deepEqual(await ask('query', 'notes', 'path', '/x'), [{ id: 'good', path: '/x', tags: ['ok'] }]);
  await ask('flush');
  await page.reload();
  await ask('openMigrated', options);
  assert.deepEqual(await ask('query', 'notes', 'path', '/x'), [{ id: 'good', path: '/x', tags: ['ok'], step: 2 }]);
  assert.deepEqual(await violationsOf(page), []);
});
