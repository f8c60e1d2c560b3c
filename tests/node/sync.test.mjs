// Sync against the real Flask API and against the minimal nine-endpoint server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, sync } from 'codeforge-core';
import { exported, file, flaskServer, freshName, openCore, plainServer, until } from './support.mjs';

const servers = { flask: flaskServer, plain: plainServer };
const connect = (t, server, more) => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false }, ...more });
const idsOf = (core) => core.getState().files.files.map(({ id }) => id).sort();
const put = (server, key, value) => fetch(`${server.url}/api/storage/${encodeURIComponent(key)}`, {
  method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }),
}).then((answer) => assert.equal(answer.status, 200));

for (const [kind, startServer] of Object.entries(servers)) {
  test(`${kind}: what one core pushes another pulls`, async (t) => {
    const server = await startServer(t);
    const first = await connect(t, server);
    first.dispatch(files.addItems([file('a'), file('b'), file('ü ber?x#y', { content: '✎ "\\ \u2028' })]));
    first.dispatch({ type: 'workflows/addWorkflow', payload: { id: 'w', name: 'Flow', nodes: [], edges: [], updatedAt: 1 } });
    first.dispatch({ type: 'componentTrees/addTree', payload: { id: 't', name: '', root: { id: 'r', type: 'div' }, updatedAt: 1 } });
    const result = await first.sync.push();
    assert.equal(result.pushed, 5);
    assert.equal(first.status().sync.pending, 0);
    const second = await connect(t, server);
    const pulled = await second.sync.pull();
    assert.equal(pulled.pulled, 5);
    for (const slice of ['files', 'workflows', 'componentTrees']) {
      const byId = (core) => Object.fromEntries(Object.values(core.getState()[slice])[0].map((item) => [item.id, item]));
      assert.deepEqual(byId(second), byId(first), slice);
    }
    const again = await second.sync.pull();
    assert.equal(again.pulled, 0, 'nothing new the second time');
  });

  test(`${kind}: row 7: deletions reach the server and the other core`, async (t) => {
    const server = await startServer(t);
    const first = await connect(t, server);
    first.dispatch(files.addItems([file('a'), file('b')]));
    await first.sync.push();
    const second = await connect(t, server);
    await second.sync.pull();
    first.dispatch(files.removeItem('a'));
    assert.equal((await first.sync.push()).deleted, 1);
    assert.deepEqual(Object.keys(await exported(server)), ['files:b']);
    assert.equal((await second.sync.pull()).removed, 1);
    assert.deepEqual(idsOf(second), ['b']);
  });

  test(`${kind}: row 2: a pull from an empty server removes nothing`, async (t) => {
    const server = await startServer(t);
    const core = await connect(t, server);
    core.dispatch(files.addItems([file('a'), file('b')]));
    await core.sync.push();
    core.dispatch(files.addFile(file('offline')));
    await fetch(`${server.url}/api/storage/clear`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    assert.deepEqual(await exported(server), {});
    const result = await core.sync.pull();
    assert.equal(result.removed, 0);
    assert.deepEqual(idsOf(core), ['a', 'b', 'offline']);
  });

  test(`${kind}: rows 3 and 25: ids with : ? # % space and unicode come back as they went`, async (t) => {
    const server = await startServer(t);
    const first = await connect(t, server);
    const ids = ['a:b', 'a:b:c', 'q?x=1', 'h#1', '100%', 'with space', 'ünï ✎', '..', '+'].sort();
    first.dispatch(files.addItems(ids.map((id) => file(id))));
    assert.equal((await first.sync.push()).pushed, ids.length);
    assert.deepEqual(Object.keys(await exported(server)).sort(), ids.map((id) => `files:${id}`).sort());
    const second = await connect(t, server);
    await second.sync.pull();
    assert.deepEqual(idsOf(second), ids);
    assert.deepEqual(second.read('files', 'a:b:c'), file('a:b:c'));
    await first.sync.pull();
    assert.deepEqual(idsOf(first), ids);
  });

  test(`${kind}: rows 14 and 27: one save is one request, and what did not change is not sent again`, async (t) => {
    const server = await startServer(t);
    const core = await connect(t, server);
    await core.dispatch(files.saveFile(file('a')));
    await core.sync.push();
    const writes = () => server.count('PUT') + server.requests.filter(({ path }) => path === '/api/storage/import').length;
    await until(() => writes() > 0, 'the server has logged the push');
    await core.sync.push();
    await core.sync.push();
    await core.sync.check();
    assert.equal(writes(), 1);
    assert.deepEqual((await exported(server))['files:a'], file('a'));
  });

  test(`${kind}: a divergence becomes a conflict with base, local and remote, and can be resolved`, async (t) => {
    const server = await startServer(t);
    const core = await connect(t, server);
    core.dispatch(files.addFile(file('a')));
    await core.sync.push();
    await put(server, 'files:a', file('a', { content: 'remote', updatedAt: 1_800_000_000_000 }));
    core.dispatch(files.updateItem({ id: 'a', content: 'local' }));
    await core.sync.pull();
    const [conflict, ...others] = core.getState().conflicts.conflicts;
    assert.deepEqual(others, []);
    assert.equal(conflict.id, 'files:a');
    assert.equal(conflict.entityType, 'files');
    assert.deepEqual([conflict.baseVersion, conflict.localVersion, conflict.remoteVersion].map(({ content }) => content), [file('a').content, 'local', 'remote']);
    assert.equal(core.read('files', 'a').content, 'local', 'the local edit is kept');
    assert.equal(core.status().sync.conflicts, 1);
    core.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: 'files:a', strategy: 'local' } });
    assert.deepEqual(core.getState().conflicts.conflicts, []);
    await core.sync.push();
    assert.equal((await exported(server))['files:a'].content, 'local');
    await core.sync.pull();
    assert.deepEqual(core.getState().conflicts.conflicts, [], 'and it is not found again');
  });

  test(`${kind}: statistics, check and clear`, async (t) => {
    const server = await startServer(t);
    const core = await connect(t, server);
    core.dispatch(files.addFile(file('a')));
    await core.sync.push();
    assert.equal(await core.sync.check(), true);
    assert.equal(core.status().sync.connected, true);
    const stats = await core.sync.stats();
    assert.equal(stats.totalKeys, 1);
    assert.ok(stats.totalSizeBytes > 0);
    await core.dispatch(sync.checkConnection());
    assert.deepEqual(core.getState().sync.flaskStats, stats);
    await core.sync.clear();
    assert.deepEqual(await exported(server), {});
    assert.deepEqual(idsOf(core), ['a']);
  });
}

test('flask: ids with a slash come back as they went', async (t) => {
  const server = await flaskServer(t);
  const first = await connect(t, server);
  first.dispatch(files.addItems([file('src/a.ts'), file('/x/../y'), file('a%2Fb')]));
  await first.sync.push();
  assert.equal(first.status().sync.pending, 0);
  const second = await connect(t, server);
  await second.sync.pull();
  assert.deepEqual(idsOf(second), ['/x/../y', 'a%2Fb', 'src/a.ts']);
});

test('plain: ids with a slash reach a server that cannot address them, and its own keys with a slash are understood', async (t) => {
  const server = await plainServer(t);
  const first = await connect(t, server);
  first.dispatch(files.addItems([file('src/a.ts'), file('src~2Fa.ts'), file('~'), file('a%2Fb')]));
  await first.sync.push();
  assert.equal(first.status().sync.pending, 0);
  await fetch(`${server.url}/api/storage/import`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ 'files:theirs/b.ts': file('theirs/b.ts') }),
  });
  const second = await connect(t, server);
  await second.sync.pull();
  assert.deepEqual(idsOf(second), ['a%2Fb', 'src/a.ts', 'src~2Fa.ts', 'theirs/b.ts', '~']);
  assert.deepEqual(second.read('files', 'src/a.ts'), file('src/a.ts'));
  first.dispatch(files.removeItem('src/a.ts'));
  await first.sync.push();
  await second.sync.pull();
  assert.deepEqual(idsOf(second), ['a%2Fb', 'src~2Fa.ts', 'theirs/b.ts', '~']);
});

test('rows 1 and 6: edits made offline survive the end of the core and are pushed once each when the server is back', async (t) => {
  const server = await flaskServer(t);
  const name = freshName();
  const options = { storage: 'indexeddb', name };
  const core = await connect(t, server, options);
  core.dispatch(files.addItems([file('kept'), file('doomed')]));
  await core.sync.push();
  await server.stop();
  await core.dispatch(files.saveFile(file('offline 1')));
  await core.dispatch(files.deleteFile('doomed'));
  assert.deepEqual(idsOf(core), ['kept', 'offline 1'], 'the state shows offline edits');
  await assert.rejects(core.sync.push(), ({ code }) => code === 'offline' || code === 'timeout');
  assert.equal(await core.sync.check(), false);
  core.dispatch(files.addFile(file('offline 2')));
  await core.close();
  const before = server.requests.length;
  await server.start();
  const again = await connect(t, server, options);
  assert.equal(again.status().sync.pending, 3);
  await again.sync.push();
  assert.deepEqual(Object.keys(await exported(server)).sort(), ['files:kept', 'files:offline 1', 'files:offline 2']);
  const since = server.requests.slice(before).filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/storage/'));
  assert.equal(since.length, new Set(since.map(({ method, path }) => `${method} ${path}`)).size, `each once: ${JSON.stringify(since)}`);
  assert.equal(since.filter(({ path }) => path.endsWith('kept')).length, 0);
});

test('rows 4 and 5: retries never bring back what is older, or deleted', async (t) => {
  const server = await plainServer(t);
  const core = await connect(t, server);
  core.sync.configure({ flaskApiUrl: 'http://127.0.0.1:9' });
  core.dispatch(files.addFile(file('a', { content: 'v1' })));
  core.dispatch(files.addFile(file('b', { content: 'v1' })));
  await assert.rejects(core.sync.push());
  core.dispatch(files.updateItem({ id: 'a', content: 'v2' }));
  core.dispatch(files.removeItem('b'));
  core.sync.configure({ flaskApiUrl: server.url });
  await core.sync.push();
  await core.sync.push();
  const held = await exported(server);
  assert.equal(held['files:a'].content, 'v2');
  assert.equal(held['files:b'], undefined);
});

test('row 15: a failed push is reported as failed, keeps what waits, and does not count as a sync', async (t) => {
  const core = await openCore(t, { flaskApiUrl: 'http://127.0.0.1:9' });
  core.dispatch(files.addFile(file('a')));
  const action = await core.dispatch(sync.syncToFlaskBulk());
  assert.equal(action.type, 'sync/syncToFlaskBulk/rejected');
  assert.equal(core.getState().sync.status, 'error');
  const { pending, lastSyncedAt, lastError } = core.status().sync;
  assert.equal(pending, 1);
  assert.equal(lastSyncedAt, null);
  assert.ok(lastError.message);
});

test('automatic sync pushes by itself, and can be switched off and on', async (t) => {
  const server = await plainServer(t);
  const core = await connect(t, server, { autoSync: { enabled: true, intervalMs: 50 } });
  core.dispatch(files.addFile(file('a')));
  await until(async () => 'files:a' in await exported(server), 'the edit was pushed');
  core.sync.configure({ autoSync: { enabled: false } });
  await until(() => core.status().sync.phase === 'idle');
  core.dispatch(files.addFile(file('b')));
  core.sync.configure({ autoSync: { enabled: true } });
  await until(async () => 'files:b' in await exported(server), 'and the next one');
});

test('row 16: the settings switch automatic sync off and on, and change its interval while it runs', async (t) => {
  const server = await plainServer(t);
  const core = await connect(t, server, { autoSync: {} });
  core.dispatch({ type: 'settings/updateSettings', payload: { autoSync: false, syncInterval: 100 } });
  core.dispatch(files.addFile(file('a')));
  await core.sync.check();
  assert.equal(core.status().sync.pending, 1);
  core.dispatch({ type: 'settings/updateSettings', payload: { autoSync: true } });
  await until(async () => 'files:a' in await exported(server), 'switched on, the edit was pushed');
  core.dispatch({ type: 'settings/setSyncInterval', payload: 200 });
  core.dispatch(files.addFile(file('b')));
  await until(async () => 'files:b' in await exported(server), 'and the next one at the new interval');
});

test('row 18: a pull is seen by subscribers, whole', async (t) => {
  const server = await plainServer(t);
  for (let index = 0; index < 20; index++) await put(server, `files:f${index}`, file(`f${index}`));
  const core = await connect(t, server);
  core.getState().files.files;
  const seen = [];
  core.subscribe(() => seen.push(core.getState().files.files.length));
  await core.sync.pull();
  assert.equal(core.getState().files.files.length, 20);
  assert.deepEqual(seen.filter((count) => count > 0 && count < 20), [], 'nobody saw half of it');
});

test('hostile answers: what is no item stays out and removes nothing', async (t) => {
  const server = await plainServer(t);
  for (const [key, value] of [['files', 1], ['files:number', 5], ['unknown:1', {}], ['models:', {}], ['files:null', null], ['files:good', file('good')]]) await put(server, key, value).catch(() => {});
  const core = await connect(t, server);
  core.dispatch(files.addFile(file('mine')));
  await core.sync.pull();
  assert.deepEqual(idsOf(core), ['good', 'mine']);
});
