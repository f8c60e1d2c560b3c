// The host's hooks on files: what they are given, what they may change, and that they never cost a same-turn write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCore, files } from 'codeforge-core';
import { file, freshName, openCore, until } from './support.mjs';

const withHooks = (hooks) => ({ storage: 'indexeddb', onInstance: (module) => { module.coreFiles = hooks; } });
const flipped = (entries) => entries.map(([name, bytes]) => [name, bytes.map((byte) => byte ^ 0x5a)]);

/** Every record of a store as [name, bytes], straight from the database. */
function records(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`/codeforge-${name}`);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const store = db.transaction('FILE_DATA').objectStore('FILE_DATA');
      const keys = store.getAllKeys();
      const values = store.getAll();
      values.onsuccess = () => {
        db.close();
        resolve(keys.result.map((key, index) => [key.split('/').at(-1), values.result[index].contents]));
      };
    };
  });
}

test('stored() hears of every completed write, with the bytes that are in the database', async (t) => {
  const name = freshName();
  const writes = [];
  const core = await openCore(t, { name, ...withHooks({ stored: (write) => writes.push(write) }) });
  core.dispatch(files.addFile(file('a')));
  await Promise.resolve();
  await core.flush({ strict: true });
  // The edit was written when its turn ended; what is owed on stable storage follows.
  assert.deepEqual(writes.map(({ strict }) => strict), [false, true]);
  core.dispatch(files.addFile(file('b')));
  await core.flush();
  assert.deepEqual(writes.flatMap(({ puts }) => puts).map(([file_]) => file_).sort(), (await records(name)).map(([file_]) => file_).sort());
  for (const [key, bytes] of await records(name)) assert.deepEqual(writes.flatMap(({ puts }) => puts).find(([file_]) => file_ === key)[1], bytes);
});

test('edits in a row and the flush behind them are one write, also where the edits end their turn without one', async (t) => {
  const writes = [];
  const core = await openCore(t, withHooks({ stored: (write) => writes.push(write) }));
  for (let index = 0; index < 100; index++) core.dispatch(files.addFile(file(`a${index}`)));
  assert.equal(core.status().durability.handedOver, 0);
  await core.flush();
  assert.equal(writes.length, 1);
  assert.equal(core.status().durability.complete, 100);
  await sleep(300);
  for (let index = 0; index < 10; index++) core.dispatch(files.addFile(file(`b${index}`)));
  await Promise.resolve();
  assert.equal(core.status().durability.handedOver, 110);
  await until(() => core.status().durability.complete === 110, 'they are durable');
  assert.equal(writes.length, 2);
});

for (const [kind, answer] of [['in the same turn', (value) => value], ['as a promise', (value) => new Promise((resolve) => setTimeout(resolve, 5, value))]]) {
  test(`what seal() answers ${kind} is stored, and unseal() gives it back`, async (t) => {
    const name = freshName();
    const hooks = { seal: (puts) => answer(flipped(puts)), unseal: (entries) => answer(flipped(entries)) };
    const core = await openCore(t, { name, ...withHooks(hooks) });
    core.dispatch(files.addFile(file('secret')));
    await core.close();
    for (const [, bytes] of await records(name)) assert.ok(!Buffer.from(bytes).includes('secret'));
    const again = await openCore(t, { name, ...withHooks(hooks) });
    assert.deepEqual(again.read('files', 'secret'), file('secret'));
  });
}

for (const [kind, hooks] of [['without hooks', undefined], ['with a seal() that answers at once', { seal: flipped }]]) {
  test(`${kind}, flush() puts and commits in its own turn`, async (t) => {
    const core = await openCore(t, withHooks(hooks));
    core.dispatch(files.addFile(file('first')));
    await core.flush();
    const calls = [];
    const { put } = IDBObjectStore.prototype;
    const { commit } = IDBTransaction.prototype;
    t.mock.method(IDBObjectStore.prototype, 'put', function (...args) { calls.push('put'); return put.apply(this, args); });
    t.mock.method(IDBTransaction.prototype, 'commit', function () { calls.push('commit'); return commit.call(this); });
    core.dispatch(files.addFile(file('second')));
    const flushed = core.flush();
    assert.deepEqual(calls, ['put', 'commit']);
    await flushed;
  });
}

test('a seal() that fails fails the flush with its reason, keeps the edit, and is tried again', async (t) => {
  let fails = true;
  const seal = (puts) => { if (fails) throw Object.assign(new Error('the key is away'), { code: 'no-key' }); return puts; };
  const name = freshName();
  const core = await openCore(t, { name, ...withHooks({ seal }) });
  core.dispatch(files.addFile(file('a')));
  await assert.rejects(core.flush(), /the key is away/);
  assert.deepEqual(core.status().storage.error, { code: 'no-key', message: 'the key is away' });
  fails = false;
  await until(() => core.status().save === 'saved', 'the next try saved it');
  const again = await openCore(t, { name, storage: 'indexeddb' });
  assert.deepEqual(again.read('files', 'a'), file('a'));
});

test('an unseal() that rejects keeps the store closed, and says why', async (t) => {
  const name = freshName();
  const core = await openCore(t, { name, storage: 'indexeddb' });
  core.dispatch(files.addFile(file('a')));
  await core.close();
  const before = await records(name);
  const unseal = () => Promise.reject(Object.assign(new Error('that is not the key'), { code: 'wrong-key' }));
  await assert.rejects(createCore({ name, ...withHooks({ unseal }) }), { code: 'wrong-key', message: 'that is not the key' });
  assert.deepEqual(await records(name), before);
});

test('beforeLoad() is told whether the database is new, and can put files before they are read', async (t) => {
  const [source, target] = [freshName(), freshName()];
  const core = await openCore(t, { name: source, storage: 'indexeddb' });
  core.dispatch(files.addFile(file('moved')));
  await core.close();
  const moved = await records(source);
  const seen = [];
  const listed = [];
  const beforeLoad = (path, db, found) => new Promise((resolve, reject) => {
    seen.push(found);
    if (!found.created) return resolve();
    const transaction = db.transaction('FILE_DATA', 'readwrite');
    for (const [name, contents] of moved) transaction.objectStore('FILE_DATA').put({ timestamp: new Date(), mode: 0o100666, contents }, `${path}/${name}`);
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const hooks = { beforeLoad, listed: (entries) => listed.push(entries) };
  const first = await openCore(t, { name: target, ...withHooks(hooks) });
  assert.deepEqual(first.read('files', 'moved'), file('moved'));
  await first.close();
  await openCore(t, { name: target, ...withHooks(hooks) });
  assert.deepEqual(seen, [{ created: true, dataLoss: 'none' }, { created: false, dataLoss: 'none' }]);
  assert.deepEqual(listed[0], moved.map(([name, bytes]) => [name, bytes.length]));
});
