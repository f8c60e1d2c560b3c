// Storage that is missing, failing, or emptied under an open store: the documented state, and nothing lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCore, files, saveIndicator, storageProblem } from 'codeforge-core';
import { file, freshName, openCore, until } from './support.mjs';

/** Makes every transaction that writes fail with a DOMException of `name`, until the answer is called. */
function failWrites(t, name) {
  const { transaction } = IDBDatabase.prototype;
  const mocked = t.mock.method(IDBDatabase.prototype, 'transaction', function (stores, mode, ...rest) {
    const made = transaction.call(this, stores, mode, ...rest);
    if (mode === 'readwrite') {
      Object.defineProperty(made, 'error', { get: () => new DOMException('injected', name) });
      made.commit = () => queueMicrotask(() => made.abort());
    }
    return made;
  });
  return () => mocked.mock.restore();
}

const withoutIndexedDb = (t) => {
  const kept = globalThis.indexedDB;
  delete globalThis.indexedDB;
  t.after(() => { globalThis.indexedDB = kept; });
};

test('without IndexedDB the store goes on in memory, and says so', async (t) => {
  withoutIndexedDb(t);
  const core = await openCore(t, { storage: 'indexeddb' });
  core.dispatch(files.addFile(file('a')));
  assert.deepEqual(core.read('files', 'a'), file('a'));
  const status = core.status();
  assert.deepEqual([status.phase, status.storage.backend, status.storage.error.code, status.save], ['ready', 'memory', 'unavailable', 'memory']);
  assert.equal(saveIndicator(status).kind, 'memory');
  assert.match(storageProblem(status).todo, /Export/);
  assert.equal(core.durability('files', 'a'), null);
});

test('with strictStorage it refuses to open instead', async (t) => {
  withoutIndexedDb(t);
  await assert.rejects(createCore({ name: freshName(), strictStorage: true }), { code: 'unavailable' });
});

for (const [name, code] of [['QuotaExceededError', 'quota'], ['AbortError', 'aborted'], ['UnknownError', 'unknown'], ['InvalidStateError', 'connection-lost']]) {
  test(`writes that fail with ${name} are the state "${code}", edits go on, and saving recovers by itself`, async (t) => {
    const store = freshName();
    const core = await openCore(t, { storage: 'indexeddb', name: store });
    core.dispatch(files.addFile(file('before')));
    await core.flush();
    const mend = failWrites(t, name);
    core.dispatch(files.addFile(file('during')));
    await assert.rejects(core.flush(), { code: 'storage' });
    const status = core.status();
    assert.deepEqual([status.storage.error.code, status.save, status.phase], [code, 'problem', 'ready']);
    assert.equal(saveIndicator(status).kind, 'problem');
    assert.equal(storageProblem(status).code, code);
    assert.equal(core.durability('files', 'during') === 'complete', false);
    core.dispatch(files.addFile(file('more')));
    mend();
    await until(() => core.status().save === 'saved', 'it is saved');
    assert.equal(core.status().storage.error, null);
    assert.equal(storageProblem(core.status()), null);
    const again = await openCore(t, { storage: 'indexeddb', name: store });
    assert.deepEqual(again.getState().files.files.map(({ id }) => id), ['before', 'during', 'more']);
  });
}

test('where there is no place for a copy, no edit is called mirrored', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  core.dispatch(files.addFile(file('a')));
  await core.flush({ strict: true });
  assert.equal(core.durability('files', 'a'), 'strict');
  assert.equal(core.durability('files', 'never edited'), 'strict');
  assert.equal(core.status().durability.level, 'strict');
  await until(() => core.status().storage.standby.state === 'none', 'there is no place');
});

test('out of space, obsolete files are deleted first and the write is tried again', async (t) => {
  const store = freshName();
  let isCompacted = false;
  const onInstance = (module) => { module.coreFiles = { stored: (write) => { isCompacted ||= write.puts.some(([name]) => name.startsWith('head-')); } }; };
  const core = await openCore(t, { storage: 'indexeddb', name: store, onInstance });
  // Compaction makes 32 segments obsolete; the next write would delete them.
  for (let index = 0; index < 40; index++) {
    core.dispatch(files.addFile(file(`f${index}`)));
    await core.flush();
  }
  await until(() => isCompacted, 'the log is compacted');
  const { put } = IDBObjectStore.prototype;
  let refused = 0;
  t.mock.method(IDBObjectStore.prototype, 'put', function (...args) {
    if (refused++ > 0) return put.apply(this, args);
    Object.defineProperty(this.transaction, 'error', { get: () => new DOMException('injected', 'QuotaExceededError') });
    this.transaction.commit = () => {};
    const { transaction } = this;
    queueMicrotask(() => transaction.abort());
    return put.apply(this, args);
  });
  core.dispatch(files.addFile(file('last')));
  await core.flush();
  assert.equal(core.status().storage.error, null);
  assert.equal(refused, 2);
  const again = await openCore(t, { storage: 'indexeddb', name: store });
  assert.equal(again.getState().files.files.length, 41);
});

test('a database that is deleted under an open store is written again, all of it', async (t) => {
  const store = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name: store });
  for (let index = 0; index < 20; index++) core.dispatch(files.addFile(file(`f${index}`)));
  await core.flush();
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`/codeforge-${store}`);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
  core.dispatch(files.addFile(file('after')));
  await core.flush();
  await until(() => core.status().save === 'saved' && core.status().strictSeq === core.status().seq, 'everything is written again');
  const again = await openCore(t, { storage: 'indexeddb', name: store });
  assert.equal(again.getState().files.files.length, 21);
  assert.deepEqual(again.status().recovery.damagedRecords, 0);
});

test('an opening that fails at first is tried three times', async (t) => {
  const { open } = IDBFactory.prototype;
  let tries = 0;
  t.mock.method(IDBFactory.prototype, 'open', function (...args) {
    if (++tries < 3) throw new DOMException('injected', 'UnknownError');
    return open.apply(this, args);
  });
  const core = await openCore(t, { storage: 'indexeddb' });
  assert.equal(tries, 3);
  assert.equal(core.status().storage.error, null);
});

test('a database that another tab keeps from opening is the error "blocked"', async (t) => {
  const store = freshName();
  const db = await new Promise((resolve) => {
    const request = indexedDB.open(`/codeforge-${store}`, 20);
    request.onsuccess = () => resolve(request.result);
  });
  t.after(() => db.close());
  await assert.rejects(createCore({ name: store }), (error) => error.code === 'storage' && error.message.startsWith('blocked:'));
});

test('a database that a busy machine opens late, and that no other tab keeps from opening, is waited for', async (t) => {
  const { open } = IDBFactory.prototype;
  let isLate = false;
  t.mock.method(IDBFactory.prototype, 'open', function (...args) {
    const real = open.apply(this, args);
    if (!isLate) return real;
    isLate = false;
    // Its events come six seconds late.
    const late = {};
    for (const name of ['onupgradeneeded', 'onsuccess', 'onerror'])
      real[name] = (event) => setTimeout(() => {
        late.result = real.result;
        late.transaction = real.transaction;
        late[name]?.(event);
      }, 6_000);
    return late;
  });
  const name = freshName();
  await (await createCore({ name })).close(); // made, so that no upgrade has to wait
  isLate = true;
  const core = await openCore(t, { storage: 'indexeddb', name });
  assert.equal(core.status().storage.error, null);
});

test('a database of a newer version is left alone, with a clear error', async (t) => {
  const store = freshName();
  const db = await new Promise((resolve) => {
    const request = indexedDB.open(`/codeforge-${store}`, 22);
    request.onsuccess = () => resolve(request.result);
  });
  db.close();
  await assert.rejects(createCore({ name: store }), (error) => error.code === 'storage' && error.message.includes('newer: VersionError'));
});
