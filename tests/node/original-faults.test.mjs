// Faults of the system that this one replaces, by the numbers of the list in which they were written
// down; each must not be here. The others of the list are in sync, durability and thunks tests.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { files, lambdas, settings, theme } from 'codeforge-core';
import { exported, file, flaskServer, freshName, openCore, until } from './support.mjs';

const manual = { autoSync: { enabled: false } };

/** Nine-endpoint answers that take `delayMs`, from a map; knows how many requests it had at once. `seen.isHanging`: true, or a method. */
async function slowServer(t, delayMs) {
  const stored = new Map();
  const seen = { atOnce: 0, most: 0, held: [], writes: [], isHanging: false };
  const answer = async (request, response) => {
    seen.most = Math.max(seen.most, ++seen.atOnce);
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'GET') seen.writes.push([request.method, decodeURIComponent(request.url.slice('/api/storage/'.length)), body && JSON.parse(body).value?.content]);
    if (seen.isHanging === true || seen.isHanging === request.method) {
      seen.held.push(response);
      seen.atOnce--;
      return;
    }
    await sleep(delayMs);
    const key = decodeURIComponent(request.url.slice('/api/storage/'.length));
    const known = request.method !== 'GET' || stored.has(key);
    if (request.method === 'PUT') stored.set(key, JSON.parse(body).value);
    if (request.method === 'DELETE') stored.delete(key);
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.method === 'PUT' ? { success: true } : known ? { value: stored.get(key) } : { error: 'Key not found' }));
    seen.atOnce--;
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, stored, seen };
}

test('rows 8 and 11: what is dispatched before the stored data are there is added to them, not put over them', async (t) => {
  const name = freshName();
  const before = await openCore(t, { name, storage: 'indexeddb' });
  before.dispatch(files.addItems([file('a'), file('b')]));
  before.dispatch(settings.updateSettings({ theme: 'light' }));
  await before.close();
  const core = await openCore(t, { name, storage: 'indexeddb', waitForReady: false });
  core.dispatch(files.updateItem({ id: 'a', content: 'early' }));
  core.dispatch(settings.toggleAutoSave());
  core.dispatch(files.addFile(file('c')));
  await core.ready;
  assert.deepEqual(core.getState().files.files, [file('a', { content: 'early' }), file('b'), file('c')]);
  assert.equal(core.getState().settings.settings.theme, 'light');
  assert.equal(core.getState().settings.settings.autoSave, false);
});

test('row 9: three updates of one tick, each made from the state before it, count as three', async (t) => {
  const core = await openCore(t);
  core.dispatch(settings.setSyncInterval(1000));
  const addOne = (dispatch, getState) => dispatch(settings.setSyncInterval(getState().settings.settings.syncInterval + 1));
  for (let i = 0; i < 3; i++) core.dispatch(addOne);
  assert.equal(core.getState().settings.settings.syncInterval, 1003);
});

test('row 10: what was written while the server was away reaches it later, and what is there stays readable meanwhile', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.dispatch(files.addFile(file('before')));
  await core.sync.push();
  await server.stop();
  core.dispatch(files.addFile(file('while')));
  await assert.rejects(core.sync.push(), { code: 'offline' });
  assert.deepEqual(core.getState().files.files.map(({ id }) => id), ['before', 'while']);
  await server.start();
  await core.sync.push();
  assert.deepEqual(Object.keys(await exported(server)), ['files:before', 'files:while']);
});

test('rows 4 and 5: what fails on its way while newer edits come is never written after them', async (t) => {
  const server = await slowServer(t, 0);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.dispatch(files.addItems([file('a', { content: 'v1' }), file('b', { content: 'v1' })]));
  server.seen.isHanging = 'PUT';
  const pushing = core.sync.push();
  await until(() => server.seen.held.length === 2, 'both are on their way');
  core.dispatch(files.updateItem({ id: 'a', content: 'v2' }));
  core.dispatch(files.removeItem('b'));
  server.seen.isHanging = false;
  for (const response of server.seen.held) response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"no"}');
  await pushing.catch(() => {});
  await until(async () => (await core.sync.push().catch(() => {}), core.status().sync.pending === 0), 'everything is sent');
  assert.deepEqual([...server.stored.values()].map(({ id, content }) => [id, content]), [['a', 'v2']]);
  // One whose fate is unknown may go again as it was, but only before what is newer.
  const written = (key) => server.seen.writes.filter(([, name]) => name === key).map(([method, , content]) => content ?? method);
  assert.deepEqual([...new Set(written('files:a'))], ['v1', 'v2']);
  assert.equal(written('files:a').at(-1), 'v2');
  assert.deepEqual(written('files:b').slice(1).filter((what) => what !== 'DELETE'), []);
});

test('row 26: a condition that cannot be decided refuses; none is taken for true', async (t) => {
  const open = (schema) => openCore(t, { slices: { pages: { indexes: ['title'], schema } } });
  // The renderer's conditions are not the core's; the core decides by the schemas of slices and by queries.
  const core = await open({ if: { properties: { kind: { const: 'link' } }, required: ['kind'] }, then: { required: ['target'] }, else: { not: { required: ['target'] } } });
  const { addItem } = core.actions.pages;
  const outcomes = [{ id: 'a', kind: 'link' }, { id: 'b', kind: 'page', target: '/' }, { id: 'c', kind: 'link', target: '/' }, { id: 'd' }].map((item) => core.dispatch(addItem(item)).error?.code);
  assert.deepEqual(outcomes, ['schema', 'schema', undefined, undefined]);
  for (const undecided of [{ properties: { title: { pattern: '(' } } }, { $ref: '#/$defs/absent' }, { if: { $ref: '#/nowhere' } }, { type: 'strnig' }, { properties: { title: { type: ['text', 'null'] } } }, { required: 'title' }])
    await assert.rejects(open(undecided), { code: 'malformed-payload', message: /^createCore: slices\.pages: schema cannot be used \(/ }, JSON.stringify(undecided));
  for (const [index, value] of [['kind', 'link'], ['absent', 1], ['title', null], ['title', { lower: {} }], ['title', () => true]])
    assert.throws(() => core.query('pages', index, value), { code: 'malformed-payload' }, `${index}: ${JSON.stringify(value)}`);
});

test('row 28: ten changed items are never more than four requests at once', async (t) => {
  const server = await slowServer(t, 20);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.dispatch(files.addItems(Array.from({ length: 10 }, (_, index) => file(`f${index}`))));
  assert.equal((await core.sync.push()).pushed, 10);
  assert.equal(server.stored.size, 10);
  assert.ok(server.seen.most >= 2 && server.seen.most <= 4, `there were ${server.seen.most} at once`);
});

test('row 28: two hundred changed items go in one import', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.dispatch(files.addItems(Array.from({ length: 200 }, (_, index) => file(`f${index}`))));
  assert.equal((await core.sync.push()).pushed, 200);
  await until(() => server.requests.some(({ path }) => path === '/api/storage/import'), 'the import is logged');
  assert.deepEqual(server.requests.filter(({ method }) => method === 'PUT'), []);
  assert.equal(Object.keys(await exported(server)).length, 200);
});

test('row 29: a server that never answers ends in a time-out, and the next push goes through', async (t) => {
  const server = await slowServer(t, 0);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  core.dispatch(files.addFile(file('a')));
  server.seen.isHanging = true;
  await assert.rejects(core.sync.push(), { code: 'timeout' });
  assert.equal(core.status().sync.pending, 1);
  server.seen.isHanging = false;
  assert.equal((await core.sync.push()).pushed, 1);
  assert.deepEqual(server.stored.get('files:a'), file('a'));
});

test('row 31: a stopped server is seen as stopped', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  assert.equal(await core.sync.check(), true);
  assert.equal(core.getState().sync.flaskConnected, true);
  await server.stop();
  assert.equal(await core.sync.check().catch(() => false), false);
  assert.equal(core.getState().sync.flaskConnected, false);
  assert.equal(core.status().sync.connected, false);
});

test('row 32: reducers send nothing and stamp nothing that the caller gave', async (t) => {
  const server = await slowServer(t, 0);
  const core = await openCore(t, { flaskApiUrl: server.url, ...manual });
  const lambda = { id: 'l', name: 'L', code: '', runtime: 'nodejs', handler: 'h', updatedAt: 5 };
  core.dispatch(lambdas.addLambda(lambda));
  core.dispatch(lambdas.deleteLambda('l'));
  core.dispatch(lambdas.addLambda(lambda));
  core.dispatch(theme.addTheme({ id: 't', name: 'T', colors: {}, typography: {}, spacing: {}, updatedAt: 7 }));
  core.dispatch(settings.toggleAutoSave());
  await core.flush();
  assert.equal(server.seen.most, 0);
  assert.deepEqual(core.read('lambdas', 'l'), lambda);
  assert.equal(core.read('theme', 't').updatedAt, 7);
});
