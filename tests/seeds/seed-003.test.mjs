// Seed 003: key-value storage on the device or on the Flask API, detection, fallback and migration.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { act } from 'react-test-renderer';
import { exported, file, flaskServer, freshName, until } from '../node/support.mjs';
import { setUp, storage, store, useKV, useStorage, useStorageBackend } from 'codeforge-core/compat';
import { mount, openStore, seed } from './support.mjs';

const { run, names } = seed('003');
const manual = { autoSync: { enabled: false } };
const quiet = (t) => t.mock.method(console, 'info', () => {});

/** Under load the first look at the server may time out. */
const onFlask = () => until(async () => {
  await storage.reconcile();
  return storage.getBackendType() === 'flask';
}, 'the Flask API is in use');

/** Renders a component that calls `use`; `seen` has what it answered. */
async function hook(t, use) {
  const seen = [];
  const Probe = () => void seen.push(use()) ?? null;
  await mount(t, createElement(Probe));
  return { seen, get last() { return seen.at(-1); } };
}

test('the storage API on the device', async (t) => {
  const info = quiet(t);
  await openStore(t);
  const result = await run('storage-api', { gives: ['backend', 'data', 'keys'] });
  assert.deepEqual(result, { backend: 'indexeddb', data: { foo: 'bar' }, keys: [] });
  assert.match(info.mock.calls.map(({ arguments: [line] }) => line).join(), /storage is IndexedDB|^$/);
  assert.deepEqual(await storage.keys(), []);
});

test('the storage API on the server, with the same calls', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, useFlaskBackend: true, ...manual });
  await onFlask();
  const result = await run('storage-api', { gives: ['backend', 'data', 'keys'] });
  assert.deepEqual(result, { backend: 'flask', data: { foo: 'bar' }, keys: [] });
  await storage.set('kept', [1, { a: null }]);
  assert.deepEqual(await exported(server), { kept: [1, { a: null }] });
  assert.deepEqual(storage.owed(), []);
});

test('what is stored outlives the page', async (t) => {
  quiet(t);
  const name = freshName();
  await openStore(t, { name });
  await storage.set('a/b?c:d', { deep: ['x'] });
  await store.close();
  setUp({ name, flaskApiUrl: null });
  assert.deepEqual(await storage.get('a/b?c:d'), { deep: ['x'] });
});

test('fault 10: a server that goes away is replaced by the device, and gets what it missed when it is back', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, useFlaskBackend: true, ...manual });
  await onFlask();
  await storage.set('before', 1);
  await server.stop();
  await storage.set('while', 2);
  await storage.set('before', 3);
  await storage.delete('never');
  assert.equal(storage.getBackendType(), 'indexeddb');
  assert.deepEqual([await storage.get('while'), await storage.get('before')], [2, 3]);
  assert.deepEqual(await storage.keys(), ['before', 'while']);
  assert.deepEqual(storage.owed().sort(), ['before', 'never', 'while']);
  await server.start();
  await until(() => storage.getBackendType() === 'flask' && storage.owed().length === 0, 'it was noticed without anybody asking', 120_000);
  assert.deepEqual(await exported(server), { before: 3, while: 2 });
});

test('a deletion while the server is away is not undone by it', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, useFlaskBackend: true, ...manual });
  await onFlask();
  await storage.set('gone', 1);
  await server.stop();
  await storage.delete('gone');
  assert.equal(await storage.get('gone'), undefined);
  await server.start();
  await onFlask();
  await until(() => storage.owed().length === 0, 'the deletion is sent');
  assert.deepEqual(await exported(server), {});
  assert.equal(await storage.get('gone'), undefined);
});

test('what the server refuses rejects with its reason, and stays on the device', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, useFlaskBackend: true, ...manual });
  await onFlask();
  await assert.rejects(storage.set('keys', 1), { code: 'server', message: /name of an endpoint/ });
  assert.equal(await storage.get('keys'), 1);
  await assert.rejects(storage.set('', 1), { code: 'malformed-payload', message: /key/ });
  await assert.rejects(storage.set('x', { f() {} }));
});

test('clear() leaves the items of slices alone', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, useFlaskBackend: true, ...manual });
  await onFlask();
  store.dispatch({ type: 'files/addFile', payload: file('a') });
  await store.sync.push();
  await storage.set('k', 1);
  assert.deepEqual(await storage.keys(), ['k']);
  await storage.clear();
  assert.deepEqual(Object.keys(await exported(server)), ['files:a']);
});

test('migration to Flask copies values and items, and says how many', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t);
  await storage.set('k', { v: 1 });
  store.dispatch({ type: 'files/addFile', payload: file('a') });
  const lines = [];
  t.mock.method(console, 'log', (line) => lines.push(line));
  // The address is the document's own, so requests to it are led to the server of this test.
  const real = globalThis.fetch;
  t.mock.method(globalThis, 'fetch', (url, init) => real(String(url).replace('http://localhost:5001', server.url), init));
  const { count } = await run('migrate-to-flask', { gives: ['count'] });
  assert.equal(count, 2);
  assert.deepEqual(lines, ['Migrated 2 items']);
  assert.deepEqual(await exported(server), { 'files:a': file('a'), k: { v: 1 } });
  assert.deepEqual(await storage.get('k'), { v: 1 }, 'nothing is deleted here');
  await server.stop();
  await assert.rejects(storage.migrateToFlask(server.url), { code: 'offline' });
});

test('migration to IndexedDB copies everything, and keeps what is newer here', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await fetch(`${server.url}/api/storage/import`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ k: 1, 'files:a': file('a'), 'files:b': file('b') }),
  });
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  store.dispatch({ type: 'files/addFile', payload: file('b', { content: 'mine' }) });
  t.mock.method(console, 'log', () => {});
  const { count } = await run('migrate-to-indexeddb', { gives: ['count'] });
  assert.equal(count, 3);
  assert.equal(await storage.get('k'), 1);
  assert.deepEqual(store.read('files', 'a'), file('a'));
  assert.equal(store.read('files', 'b').content, 'mine');
  assert.equal(store.getState().conflicts.conflicts.length, 1, 'and the difference is shown');
});

test('export and import', async (t) => {
  quiet(t);
  await openStore(t);
  assert.equal(await storage.importData({ a: 1, b: [2] }), 2);
  assert.deepEqual(await storage.exportData(), { a: 1, b: [2] });
  await assert.rejects(storage.importData([1]), { code: 'malformed-payload' });
});

test('fault 23: runtime configuration is read as boolean and as text, at once', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  const { environment } = await import('codeforge-core/environment');
  t.after(() => { delete globalThis.USE_FLASK_BACKEND; delete globalThis.FLASK_BACKEND_URL; });
  globalThis.FLASK_BACKEND_URL = `${server.url}/`;
  for (const [value, expected] of [[true, true], ['true', true], ['1', true], [false, false], ['false', false], ['${USE_FLASK_BACKEND}', false]]) {
    globalThis.USE_FLASK_BACKEND = value;
    assert.deepEqual(environment(), { flaskUrl: server.url, usesFlask: expected });
  }
  globalThis.USE_FLASK_BACKEND = true;
  await store.close();
  setUp({ name: freshName(), ...manual });
  t.after(() => store.close());
  await onFlask();
  delete globalThis.USE_FLASK_BACKEND;
  assert.equal(storage.getBackendType(), 'indexeddb');
});

test('fault 23: every variable that names the server counts, the page before the build before the process, and the settings last', async (t) => {
  quiet(t);
  const { environment } = await import('codeforge-core/environment');
  const server = await flaskServer(t);
  const variables = ['VITE_FLASK_API_URL', 'VITE_FLASK_BACKEND_URL', 'FLASK_BACKEND_URL'];
  const before = variables.map((name) => process.env[name]);
  t.after(() => {
    delete globalThis.FLASK_BACKEND_URL;
    variables.forEach((name, index) => (before[index] === undefined ? delete process.env[name] : (process.env[name] = before[index])));
  });
  for (const name of variables) delete process.env[name];
  assert.equal(environment().flaskUrl, undefined);
  for (const name of [...variables].reverse()) {
    process.env[name] = `http://${name.toLowerCase().replaceAll('_', '-')}:1/`;
    assert.equal(environment().flaskUrl, process.env[name].slice(0, -1));
  }
  globalThis.FLASK_BACKEND_URL = 'http://page:1';
  assert.equal(environment().flaskUrl, 'http://page:1');
  globalThis.FLASK_BACKEND_URL = '${FLASK_BACKEND_URL}';
  assert.equal(environment().flaskUrl, 'http://vite-flask-api-url:1', 'a template that was not filled in names nothing');
  delete globalThis.FLASK_BACKEND_URL;
  for (const name of variables) delete process.env[name];
  await store.close();
  setUp({ name: freshName(), ...manual });
  t.after(() => store.close());
  store.dispatch({ type: 'settings/updateSettings', payload: { flaskApiUrl: server.url } });
  store.dispatch({ type: 'files/addFile', payload: file('a') });
  await store.ready;
  await store.sync.push();
  assert.deepEqual(Object.keys(await exported(server)), ['files:a'], 'the address in the settings is in force');
});

test('fault 9: functional updates of useStorage and useKV build on what is there', async (t) => {
  quiet(t);
  await openStore(t);
  const counted = await hook(t, () => useStorage('count', 0));
  await act(async () => {
    const [, set] = counted.last;
    await Promise.all([set((n) => n + 1), set((n) => n + 1), set((n) => n + 1)]);
  });
  assert.equal(counted.last[0], 3);
  const kv = await hook(t, () => useKV('todo', []));
  await act(async () => { for (const item of ['a', 'b']) kv.last[1]((list) => [...list, item]); });
  assert.deepEqual(kv.last[0], ['a', 'b']);
  await act(async () => kv.last[2]());
  assert.deepEqual(kv.last[0], []);
  assert.deepEqual(await storage.keys(), ['count']);
});

test('fault 11: what is set before the stored value is known is applied to it, and is what the screen shows', async (t) => {
  quiet(t);
  const name = freshName();
  await openStore(t, { name });
  await storage.set('list', ['stored']);
  await store.close();
  setUp({ name, flaskApiUrl: null });
  const kv = await hook(t, () => {
    const value = useKV('list', []);
    return value;
  });
  const first = kv.seen[0];
  assert.deepEqual(first[0], [], 'the default until it is known');
  await act(async () => {
    first[1]((list) => [...list, 'early']);
    await store.ready;
  });
  await until(async () => (await act(async () => {}), kv.last[0].length === 2), 'both are shown');
  assert.deepEqual(kv.last[0], ['stored', 'early']);
  assert.deepEqual(await storage.get('list'), ['stored', 'early']);
});

test('fault 24: a default that is a new object each time reads no more than once', async (t) => {
  quiet(t);
  await openStore(t);
  const stored = await hook(t, () => useStorage('nothing', []));
  await act(async () => {});
  assert.ok(stored.seen.length <= 3, `it rendered ${stored.seen.length} times`);
});

test('useStorageBackend has the documented members and switches both ways', async (t) => {
  quiet(t);
  const server = await flaskServer(t);
  await openStore(t);
  await storage.set('k', 1);
  const backend = await hook(t, useStorageBackend);
  await until(async () => (await act(async () => {}), !backend.last.isLoading), 'the backend is known');
  assert.deepEqual(Object.keys(backend.last).sort(), ['backend', 'exportData', 'importData', 'isLoading', 'switchToFlask', 'switchToIndexedDB']);
  assert.equal(backend.last.backend, 'indexeddb');
  await act(async () => assert.equal(await backend.last.switchToFlask(server.url), 1));
  assert.equal(backend.last.backend, 'flask');
  await storage.set('k', 2);
  assert.deepEqual(await exported(server), { k: 2 });
  await act(async () => backend.last.switchToIndexedDB());
  assert.equal(backend.last.backend, 'indexeddb');
  assert.equal(await storage.get('k'), 2);
  await act(async () => assert.rejects(backend.last.switchToFlask('http://127.0.0.1:9'), { code: 'offline' }));
  assert.equal(backend.last.backend, 'indexeddb');
});

test('every snippet of the document is run by a test of this file', async () => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(new URL(import.meta.url), 'utf8');
  assert.deepEqual(names().filter((name) => !text.includes(`'${name}'`)), []);
});
