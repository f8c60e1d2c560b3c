// Faults of the system that this one replaces, by the numbers of the list, where they concern the names of the
// seeds. The others are in tests/node; TABLE.md says where each is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { act } from 'react-test-renderer';
import { exported, file, flaskServer, freshName, tree, until } from '../node/support.mjs';
import { sliceTable } from 'codeforge-core';
import { db, setUp, storage, store, useConflictResolution, useIndexedDB, useReduxSync } from 'codeforge-core/compat';
import { mount, openStore } from './support.mjs';

const manual = { autoSync: { enabled: false } };
const dispatch = (type, payload) => store.dispatch({ type, payload });
const items = {
  files: file('x'), models: { id: 'x', name: 'X', fields: [], updatedAt: 1 }, components: { id: 'x', name: 'X', type: 'atom', code: '', updatedAt: 1 },
  componentTrees: tree('x'), workflows: { id: 'x', name: 'X', nodes: [], edges: [], updatedAt: 1 },
  lambdas: { id: 'x', name: 'X', code: '', runtime: 'nodejs', handler: 'h', updatedAt: 1 },
  theme: { id: 'x', name: 'X', colors: {}, typography: {}, spacing: {}, updatedAt: 1 }, project: { id: 'x', name: 'X', createdAt: 1, updatedAt: 1 },
};

/** The payload that makes an action of this kind change something where the item `x` is. */
const payloads = {
  put: (item) => ({ ...item, id: 'y' }), 'put-many': (item) => [{ ...item, id: 'y' }, { ...item, id: 'z' }], merge: () => ({ id: 'x', name: 'merged' }),
  replace: (item) => ({ ...item, name: 'replaced' }), remove: () => 'x', 'set-all': (item) => [{ ...item, id: 'z' }],
  'tree-node': () => ({ treeId: 'x', nodeId: 'title', updates: { props: { text: 'Bye' } } }),
};

for (const [slice, item] of Object.entries(items)) {
  test(`row 12: every action on items of ${slice} moves the counter, is pushed and is kept`, async (t) => {
    const server = await flaskServer(t);
    const name = freshName();
    await openStore(t, { name, flaskApiUrl: server.url, ...manual });
    const { collection, wire, verbs } = sliceTable[slice];
    const actions = Object.entries(verbs).filter(([action, verb]) => verb in payloads && !action.includes('/'));
    assert.ok(actions.length >= 5, 'addItem, addItems, updateItem, removeItem and setItems at least');
    const here = () => store.getState()[slice][collection];
    let kept = [];
    for (const [action, verb] of actions) {
      dispatch(`${slice}/setItems`, [item]);
      await store.sync.push();
      assert.equal(store.status().sync.changes, 0, action);
      assert.equal(dispatch(`${slice}/${action}`, payloads[verb](item)).error, undefined, action);
      assert.notDeepEqual(here(), [item], `${action} changes something`);
      assert.equal(store.status().sync.changes, 1, `${action} moves the counter`);
      await store.sync.push();
      const there = Object.entries(await exported(server)).filter(([key]) => key.startsWith(`${wire}:`)).map(([, value]) => value);
      assert.deepEqual(new Set(there), new Set(here()), `${action} is pushed`);
      kept = here();
    }
    await store.close();
    setUp({ name, flaskApiUrl: null });
    await store.ready;
    assert.deepEqual(here(), kept, 'and what was last is on the device');
  });
}

test('row 12: with syncOnChange any of them is pushed by itself', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, autoSync: { enabled: true, intervalMs: 86_400_000, syncOnChange: true } });
  for (const [slice, item] of Object.entries(items)) dispatch(`${slice}/addItem`, item);
  await until(async () => Object.keys(await exported(server)).length === Object.keys(items).length, 'everything is on the server');
  dispatch('componentTrees/updateTreeNode', payloads['tree-node']());
  await until(async () => (await exported(server))['componentTrees:x'].root.children[0].children[0].props.text === 'Bye', 'the node is too');
});

test('rows 19 and 20: a resolution is pushed and not found again; the order of members is no difference', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  dispatch('components/addItem', { ...items.components, metadata: { z: 1, a: { y: 2, b: 3 } } });
  await store.sync.push();
  await store.sync.pull();
  assert.equal(store.getState().conflicts.conflicts.length, 0);
  const put = (name) => fetch(`${server.url}/api/storage/components%3Ax`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value: { ...items.components, name } }),
  });
  await put('theirs');
  dispatch('components/updateItem', { id: 'x', name: 'ours' });
  let hook;
  await mount(t, createElement(() => void (hook = useConflictResolution()) ?? null));
  assert.deepEqual(Object.keys(hook).sort(), [
    'autoResolveStrategy', 'clear', 'conflicts', 'detect', 'detectingConflicts', 'error', 'hasConflicts', 'remove', 'resolve', 'resolveAll',
    'resolvingConflict', 'setAutoResolve', 'stats',
  ]);
  await act(async () => hook.detect());
  assert.deepEqual(hook.stats, { totalConflicts: 1, resolvedConflicts: 0, pendingConflicts: 1, conflictsByType: { components: 1 } });
  await act(async () => hook.resolve('components:x', 'manual', { ...items.components, name: 'both' }));
  await act(async () => store.sync.push());
  assert.equal((await exported(server))['components:x'].name, 'both');
  await act(async () => hook.detect());
  assert.deepEqual([hook.hasConflicts, hook.stats.resolvedConflicts], [false, 1]);
});

test('row 20: a deletion on one side is a conflict too; stores that nobody knows are left alone', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  dispatch('files/setItems', [file('edited here'), file('deleted here')]);
  await store.sync.push();
  const request = (method, key, value) => fetch(`${server.url}/api/storage/${encodeURIComponent(key)}`, {
    method, headers: { 'content-type': 'application/json' }, ...(method === 'PUT' && { body: JSON.stringify({ value }) }),
  });
  await request('DELETE', 'files:edited here');
  await request('PUT', 'files:deleted here', file('deleted here', { content: 'edited there' }));
  await request('PUT', 'nobody:knows', { id: 'knows' });
  dispatch('files/updateItem', { id: 'edited here', content: 'mine' });
  dispatch('files/removeItem', 'deleted here');
  await store.sync.pull();
  const found = Object.fromEntries(store.getState().conflicts.conflicts.map(({ id, localVersion, remoteVersion }) => [id, [localVersion?.content ?? null, remoteVersion?.content ?? null]]));
  assert.deepEqual(found, { 'files:edited here': ['mine', null], 'files:deleted here': [null, 'edited there'] });
  dispatch('conflicts/resolveConflict', { conflictId: 'files:edited here', strategy: 'local' });
  dispatch('conflicts/resolveConflict', { conflictId: 'files:deleted here', strategy: 'remote' });
  await store.sync.push();
  const there = await exported(server);
  assert.deepEqual([there['files:edited here'].content, there['files:deleted here'].content, there['nobody:knows']], ['mine', 'edited there', { id: 'knows' }]);
  assert.equal(store.read('files', 'deleted here').content, 'edited there');
});

test('row 21: the database and the storage are used in either order, together', async (t) => {
  t.mock.method(console, 'info', () => {});
  for (const first of [() => db.init(), () => storage.keys()]) {
    await openStore(t);
    await first();
    await Promise.all([db.put('files', file('a')), storage.set('k', 1)]);
    assert.deepEqual([await db.count('files'), await storage.get('k')], [1, 1]);
    await store.close();
  }
});

test('row 22: with the server away every call settles, by few requests', async (t) => {
  t.mock.method(console, 'info', () => {});
  const real = globalThis.fetch;
  let requests = 0;
  t.mock.method(globalThis, 'fetch', (...args) => (requests++, real(...args)));
  await openStore(t, { flaskApiUrl: 'http://127.0.0.1:9', useFlaskBackend: true, ...manual });
  for (let i = 0; i < 20; i++) await storage.set(`k${i}`, i);
  for (let i = 0; i < 20; i++) assert.equal(await storage.get(`k${i}`), i);
  assert.equal((await storage.keys()).length, 20);
  assert.ok(requests < 10, `${requests} requests`);
});

test('row 11: edits made while a slice is disabled are sent when it is enabled', async (t) => {
  const server = await flaskServer(t);
  const { disablePersistence, enablePersistence, flushPersistence } = await import('codeforge-core/compat');
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  disablePersistence('files');
  dispatch('files/addItem', file('a'));
  await flushPersistence();
  assert.deepEqual(await exported(server), {});
  assert.ok(store.status().durableSeq > 0, 'safe on the device meanwhile');
  enablePersistence('files');
  await flushPersistence();
  assert.deepEqual(Object.keys(await exported(server)), ['files:a']);
});

test('row 24: hooks with a default that is new each time do not render for ever', async (t) => {
  await openStore(t);
  let renders = 0;
  let last;
  await mount(t, createElement(() => {
    renders++;
    last = useIndexedDB('files', 'a', file('a', { content: '0' }));
    return null;
  }));
  await act(async () => {});
  assert.ok(renders <= 3, `${renders} renders`);
  await act(async () => Promise.all([1, 2, 3].map(() => last[1]((before) => ({ ...before, content: String(Number(before.content) + 1) })))));
  assert.equal(last[0].content, '3');
});

test('row 16: one automatic loop, however many components show the sync', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, autoSync: { enabled: true, intervalMs: 300, syncOnChange: false } });
  for (let i = 0; i < 5; i++) await mount(t, createElement(() => void useReduxSync() ?? null));
  await until(() => server.requests.filter(({ path }) => path === '/api/storage/export').length >= 3, 'three pulls');
  const before = server.requests.filter(({ path }) => path === '/api/storage/export').length;
  dispatch('files/addItem', file('a'));
  await until(async () => (await exported(server))['files:a'], 'the file is pushed');
  assert.equal(server.count('PUT'), 1);
  assert.ok(before < 50);
});
