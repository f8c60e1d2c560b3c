// Edits that the server refuses: rolled back with a letter and an event, or kept in place; sent again, discarded, undone.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, freshName, openCore } from './support.mjs';

/** A small server of the nine endpoints' items that refuses what `refuses` says. */
async function pickyServer(t) {
  const items = new Map();
  const picky = { refuses: () => null, items };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const key = decodeURIComponent(request.url.replace('/api/storage/', ''));
    const answer = (status, value, type = 'application/json') => {
      response.writeHead(status, { 'content-type': type });
      response.end(type === 'application/json' ? JSON.stringify(value) : value);
    };
    if (key === 'export') return answer(200, Object.fromEntries(items));
    if (request.method === 'GET') return items.has(key) ? answer(200, { value: items.get(key) }) : answer(404, { error: 'not found' });
    const refusal = picky.refuses(request.method, key, body);
    if (refusal) return answer(...refusal);
    if (request.method === 'PUT') items.set(key, JSON.parse(body).value);
    else items.delete(key);
    answer(200, { success: true });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return Object.assign(picky, { url: `http://127.0.0.1:${server.address().port}` });
}

const tooLarge = (method, key, body) => (method === 'PUT' && body.includes('huge') ? [413, { error: 'too large' }] : null);

async function pushed(t, options = {}) {
  const server = await pickyServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false }, ...options });
  const told = [];
  core.onRejected((edit) => told.push(edit));
  core.dispatch(files.addItems([file('a'), file('b')]));
  await core.sync.push();
  server.refuses = tooLarge;
  return { server, core, told };
}

test('a refused edit is rolled back, told, and stays retrievable', async (t) => {
  const { server, core, told } = await pushed(t);
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  core.dispatch(files.updateItem({ id: 'b', content: 'fine' }));
  core.dispatch(files.addFile(file('new', { content: 'huge too' })));
  await core.sync.push();
  assert.deepEqual(core.getState().files.files, [file('a'), file('b', { content: 'fine' })]);
  assert.equal(server.items.get('files:b').content, 'fine', 'the others go on');
  assert.deepEqual(told.map(({ key, reason, isRolledBack }) => [key, reason, isRolledBack]).sort(), [
    ['files:a', 'the server answered 413', true], ['files:new', 'the server answered 413', true],
  ]);
  const { rejected } = core;
  assert.equal(core.rejected, rejected, 'the same while nothing changed');
  const a = rejected.find(({ id }) => id === 'a');
  assert.deepEqual([a.value, a.base, a.slice], [file('a', { content: 'huge' }), file('a'), 'files']);
  assert.equal(rejected.find(({ id }) => id === 'new').base, null);
  assert.deepEqual([core.status().sync.rejected, core.status().sync.pending], [2, 0]);
});

test('a rejected edit can be sent again, and discarded', async (t) => {
  const { server, core, told } = await pushed(t);
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  await core.sync.push();
  core.dispatch({ type: 'sync/retryRejected', payload: { key: 'files:a' } });
  assert.equal(core.read('files', 'a').content, 'huge');
  assert.deepEqual(core.rejected, []);
  await core.sync.push();
  assert.deepEqual([core.read('files', 'a').content, core.rejected.length, told.length], [file('a').content, 1, 2]);
  server.refuses = () => null;
  core.dispatch({ type: 'sync/retryRejected', payload: { key: 'files:a' } });
  await core.sync.push();
  assert.equal(server.items.get('files:a').content, 'huge');
  server.refuses = tooLarge;
  core.dispatch(files.updateItem({ id: 'b', content: 'huge' }));
  await core.sync.push();
  core.dispatch({ type: 'sync/discardRejected', payload: { key: 'files:b' } });
  assert.deepEqual(core.rejected, []);
  const { error } = core.dispatch({ type: 'sync/discardRejected', payload: { key: 'files:b' } });
  assert.match(error.message, /nothing of 'files:b' was rejected/);
  assert.equal(core.dispatch({ type: 'sync/retryRejected', payload: 'files:b' }).error.code, 'malformed-payload');
});

test('undo brings a rolled back edit back; the one before it is next', async (t) => {
  const { core } = await pushed(t);
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  await core.sync.push();
  assert.equal(core.undo().type, 'sync/rollBack');
  assert.equal(core.read('files', 'a').content, 'huge');
  await core.sync.push();
  assert.equal(core.read('files', 'a').content, file('a').content);
  assert.equal(core.rejected.length, 1, 'the same value is one letter');
  core.undo();
  assert.equal(core.undo().type, 'files/updateItem');
  assert.equal(core.read('files', 'a').content, file('a').content);
});

test('what was typed while the refused value was on its way is sent, not rolled back', async (t) => {
  const { server, core, told } = await pushed(t);
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  server.refuses = (...request) => {
    if (tooLarge(...request)) core.dispatch(files.updateItem({ id: 'a', content: 'smaller' }));
    return tooLarge(...request);
  };
  await core.sync.push();
  assert.equal(core.read('files', 'a').content, 'smaller');
  assert.deepEqual(told, []);
  await core.sync.push();
  assert.equal(server.items.get('files:a').content, 'smaller');
});

test('the page of something in between rolls nothing back', async (t) => {
  const { server, core, told } = await pushed(t);
  server.refuses = () => [405, '<html>captive portal</html>', 'text/html'];
  core.dispatch(files.updateItem({ id: 'a', content: 'typed' }));
  await core.sync.push();
  assert.equal(core.read('files', 'a').content, 'typed');
  assert.deepEqual(told.map(({ isRolledBack }) => isRolledBack), [false]);
});

test('policy keep: the state keeps the edit; it is sent again when asked, or taken back', async (t) => {
  const { server, core, told } = await pushed(t, { onReject: 'keep' });
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  await core.sync.push();
  assert.equal(core.read('files', 'a').content, 'huge');
  assert.deepEqual(told.map(({ id, isRolledBack, value, base }) => [id, isRolledBack, value.content, base.content]), [['a', false, 'huge', file('a').content]]);
  core.dispatch({ type: 'sync/discardRejected', payload: { key: 'files:a' } });
  assert.deepEqual(core.read('files', 'a'), file('a'));
  assert.equal(core.status().sync.pending, 0);
  core.undo();
  assert.equal(core.read('files', 'a').content, 'huge', 'also that can be undone');
  await core.sync.push();
  assert.equal(core.rejected.length, 1);
  server.refuses = () => null;
  core.dispatch({ type: 'sync/retryRejected', payload: { key: 'files:a' } });
  await core.sync.push();
  assert.equal(server.items.get('files:a').content, 'huge');
  assert.deepEqual(core.rejected, []);
});

test('letters survive a reload, and are no news then', async (t) => {
  const name = freshName();
  const { core, server } = await pushed(t, { storage: 'indexeddb', name });
  core.dispatch(files.updateItem({ id: 'a', content: 'huge' }));
  await core.sync.push();
  await core.close();
  const again = await openCore(t, { storage: 'indexeddb', name, flaskApiUrl: server.url, autoSync: { enabled: false } });
  const told = [];
  again.onRejected((edit) => told.push(edit));
  assert.deepEqual(again.rejected.map(({ id, value }) => [id, value.content]), [['a', 'huge']]);
  await again.sync.push();
  assert.deepEqual(told, []);
});
