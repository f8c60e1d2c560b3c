// Settings of sync while the core runs, against the real Flask API: per slice, per item, counters, metrics.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, models, settings } from 'codeforge-core';
import { exported, file, flaskServer, openCore, until } from './support.mjs';

const model = (id) => ({ id, name: id, fields: [], updatedAt: 1 });
const manual = { autoSync: { enabled: false } };

test('defaults are as documented', async (t) => {
  const core = await openCore(t);
  assert.deepEqual(core.status().sync.autoSync, { enabled: true, intervalMs: 30_000, syncOnChange: false, maxQueueSize: 50 });
  assert.deepEqual([core.status().sync.changes, core.status().sync.nextSyncAt], [0, null]);
});

test('a slice that is not synced stays at home until it is, and no edit of it is lost', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.sync.configure({ slices: { models: { syncToFlask: false } } });
  core.dispatch(models.addModel(model('m')));
  core.dispatch(files.addFile(file('a')));
  await core.sync.push();
  assert.deepEqual(Object.keys(await exported(server)), ['files:a']);
  core.sync.configure({ slices: { models: { syncToFlask: true } } });
  await core.sync.push();
  assert.deepEqual(Object.keys(await exported(server)), ['files:a', 'models:m']);
});

test('syncOnChange pushes by itself, and typing is sent once', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: true, syncOnChange: true } });
  await until(() => core.status().sync.connected === true, 'the first pull');
  for (const content of ['a', 'ab', 'abc']) core.dispatch(files.addFile(file('typed', { content })));
  assert.equal(core.status().sync.changes, 3);
  await until(async () => (await exported(server))['files:typed'], 'the file is on the server');
  assert.equal((await exported(server))['files:typed'].content, 'abc');
  assert.equal(server.count('PUT'), 1);
  await until(() => core.status().sync.changes === 0, 'the counter goes back');
});

test('what is configured before the core is ready holds, and a wrong setting is reported without harm', async (t) => {
  const core = await openCore(t, { waitForReady: false });
  core.sync.configure({ autoSync: { intervalMs: 1234 } });
  core.sync.configure({ slices: { nosuch: { enabled: false } } });
  await core.ready;
  assert.equal(core.status().sync.autoSync.intervalMs, 1234);
  assert.equal(core.errors.at(-1).code, 'unknown-slice');
  assert.throws(() => core.sync.configure({ slices: { files: { debounceMs: -1 } } }), { code: 'malformed-payload', message: /files\.debounceMs/ });
});

test('settings of slices outlive a fresh instance', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb', flaskApiUrl: 'http://127.0.0.1:9', ...manual });
  core.sync.configure({ slices: { models: { enabled: false } } });
  core.dispatch(models.addModel(model('m')));
  assert.equal(core.status().sync.pending, 0);
  core.instances.at(-1).dispatch = () => { throw new Error('trap'); };
  core.dispatch(settings.toggleAutoSave());
  await until(() => core.status().runtime.restarts === 1 && core.status().phase === 'ready', 'a fresh instance');
  assert.equal(core.status().sync.pending, 0);
});

test('metrics start anew, and status listeners hear of it', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  await core.sync.check();
  assert.ok(core.status().sync.metrics.totalOperations > 0);
  const heard = new Promise((done) => core.onStatus(() => core.status().sync.metrics.totalOperations === 0 && done()));
  core.sync.resetMetrics();
  await heard;
  assert.deepEqual(core.status().sync.metrics.operationTimes, []);
});
