// The workflow sync against a server that follows a script: order, acknowledgement, retries, page exit.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { WorkflowSync, maxKeepaliveBytes } from 'codeforge-core/workflow-sync';
import { openCore, until } from './support.mjs';

const workflow = (id, more = {}) => ({ id, name: id, nodes: [], edges: [], updatedAt: 1, ...more });
const put = (core, item) => core.dispatch({ type: 'workflows/addWorkflow', payload: item });

/** Answers with `seen.status`; holds answers back while `seen.isHolding`. */
async function scripted(t) {
  const seen = { status: 200, bodies: [], held: [], isHolding: false, atOnce: 0, most: 0 };
  const server = createServer((request, response) => void (async () => {
    seen.most = Math.max(seen.most, ++seen.atOnce);
    let text = '';
    for await (const chunk of request) text += chunk;
    seen.bodies.push(JSON.parse(text));
    if (seen.isHolding) await new Promise((go) => seen.held.push(go));
    seen.atOnce--;
    response.writeHead(seen.status, { 'content-type': 'application/json' }).end(seen.status === 200 ? '{"success":true}' : '{"error":"scripted"}');
  })()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(seen, { url: `http://127.0.0.1:${server.address().port}` });
}

function memory() {
  const values = new Map();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value), values };
}

test('one request at a time for each workflow, and the newest state goes next', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  const sync = new WorkflowSync(core, { url: () => server.url, memory: memory() });
  put(core, workflow('w', { name: 'one' }));
  server.isHolding = true;
  const first = sync.flush();
  await until(() => server.held.length === 1, 'the first is on its way');
  put(core, workflow('w', { name: 'two' }));
  const second = sync.flush();
  put(core, workflow('w', { name: 'three' }));
  const third = sync.flush();
  assert.equal(sync.status('w').state, 'sending');
  server.isHolding = false;
  server.held.shift()();
  await Promise.all([first, second, third]);
  assert.deepEqual(server.bodies.map(({ state }) => state.name), ['one', 'three']);
  assert.equal(server.most, 1);
  assert.deepEqual(sync.pending(), []);
});

test('a state counts as sent only when the server said so, and is tried again', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  const errors = [];
  const sync = new WorkflowSync(core, { url: () => server.url, debounceMs: 1, memory: memory(), onError: (error) => errors.push(error.code) });
  server.status = 503;
  const stop = sync.watch();
  t.after(stop);
  put(core, workflow('w'));
  await until(() => errors.length > 0, 'the first failure');
  assert.deepEqual([sync.pending(), sync.status('w').state, sync.status('w').error.code], [['w'], 'waiting', 'server']);
  server.status = 200;
  await until(() => sync.status('w').state === 'acknowledged', 'it was tried again by itself');
  assert.equal(sync.status('w').error, null);
  assert.equal(typeof sync.status('w').lastSyncedAt, 'number');
});

test('a refused state is not sent for ever, and its next edit is', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  const errors = [];
  const sync = new WorkflowSync(core, { url: () => server.url, memory: memory(), onError: (error, id) => errors.push([error.code, error.message, id]) });
  server.status = 403;
  put(core, workflow('w'));
  await sync.flush();
  assert.deepEqual(errors, [['rejected', 'the server answered 403: scripted', 'w']]);
  assert.equal(sync.status('w').state, 'refused');
  await sync.flush();
  assert.equal(server.bodies.length, 1);
  server.status = 200;
  put(core, workflow('w', { name: 'edited' }));
  await sync.flush();
  assert.equal(sync.status('w').state, 'acknowledged');
});

test('the next page sends what was not acknowledged, and only that', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  const shared = memory();
  put(core, workflow('a'));
  put(core, workflow('b'));
  const before = new WorkflowSync(core, { url: () => server.url, memory: shared });
  await before.flush('a');
  const after = new WorkflowSync(core, { url: () => server.url, debounceMs: 1, memory: shared });
  assert.deepEqual(after.pending(), ['b']);
  t.after(after.watch());
  await until(() => after.pending().length === 0, 'b is sent');
  assert.deepEqual(server.bodies.map(({ id }) => id), ['a', 'b']);
  assert.deepEqual(new WorkflowSync(core, { url: () => server.url, memory: shared, userId: 'another' }).pending(), ['a', 'b'], 'by user');
});

test('a page that is left sends what fits in 64 KiB; the rest stays owed', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  const kept = [];
  const real = globalThis.fetch;
  t.mock.method(globalThis, 'fetch', (url, init) => {
    kept.push(init.keepalive);
    return real(url, init);
  });
  const sync = new WorkflowSync(core, { url: () => server.url, memory: memory() });
  put(core, workflow('small'));
  put(core, workflow('large', { description: 'ä'.repeat(maxKeepaliveBytes / 2) }));
  put(core, workflow('little'));
  sync.leave();
  await until(() => sync.pending().length === 1, 'two are acknowledged');
  assert.deepEqual(sync.pending(), ['large']);
  assert.deepEqual(kept, [true, true]);
  await sync.flush();
  assert.deepEqual(sync.pending(), [], 'an ordinary request has no such bound');
});

test('unreadable memory costs a request, nothing else', async (t) => {
  const server = await scripted(t);
  const core = await openCore(t);
  put(core, workflow('w'));
  const broken = { getItem: () => '{broken', setItem: () => { throw new Error('full'); } };
  const sync = new WorkflowSync(core, { url: () => server.url, memory: broken });
  await sync.flush();
  assert.deepEqual(sync.pending(), []);
});
