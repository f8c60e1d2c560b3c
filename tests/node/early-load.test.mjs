// The files of a store are read beside the compilation of WebAssembly, once the host says where they are; and once more when
// somebody else may have written since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCore, files } from 'codeforge-core';
import { instantiate, mountPathOf } from '../../web/dist/core-module.js';
import { file, freshName, openCore, until } from './support.mjs';

/** How often all records are read while `run` runs. */
async function readsDuring(run) {
  const { getAllKeys } = IDBObjectStore.prototype;
  let reads = 0;
  IDBObjectStore.prototype.getAllKeys = function (...given) { reads++; return getAllKeys.apply(this, given); };
  try {
    await run();
  } finally {
    IDBObjectStore.prototype.getAllKeys = getAllKeys;
  }
  return reads;
}

async function storeWith(...ids) {
  const name = freshName();
  await edited(name, ids);
  return name;
}

async function edited(name, ids) {
  const core = await createCore({ name, storage: 'indexeddb' });
  for (const id of ids) core.dispatch(files.addFile(file(id)));
  await core.close();
}

/** Opens a store as the host does. `before` runs when the module is there, and nothing was opened in it. */
async function opened(t, name, early, { before = () => {}, coreFiles } = {}) {
  const module = await instantiate({}, (reason) => { throw reason; }, early);
  await before(module);
  if (coreFiles) module.coreFiles = coreFiles;
  module.open(JSON.stringify({ name, storage: 'indexeddb', seed: '1' }));
  const done = await until(() => JSON.parse(module.takeChanges()).done[0], 'the store is open');
  t.after(() => module.close());
  return { result: done[1], ids: JSON.parse(module.readAll('files')).items.map(({ id }) => id) };
}

const pathOf = (name) => Promise.resolve(mountPathOf(name));
/** Until what was asked for early has surely come. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 200));

test('what was read early is what is opened, and is read once', async (t) => {
  const name = await storeWith('a');
  const found = [];
  const reads = await readsDuring(async () => {
    const { ids } = await opened(t, name, { path: pathOf(name), signal: new AbortController().signal },
      { before: settle, coreFiles: { opened: (path, _, what) => found.push([path, what.created]), listed: (list) => found.push(list.length) } });
    assert.deepEqual(ids, ['a']);
  });
  assert.equal(reads, 1);
  assert.deepEqual(found.map(String), [`${mountPathOf(name)},false`, '1']);
});

test('it is there as well when the store is opened before it has come', async (t) => {
  const name = await storeWith('a');
  const { ids } = await opened(t, name, { path: pathOf(name), signal: new AbortController().signal });
  assert.deepEqual(ids, ['a']);
});

test('a path that comes too late, or none, changes nothing', async (t) => {
  const name = await storeWith('a');
  for (const path of [Promise.resolve(''), new Promise((resolve) => setTimeout(resolve, 300, mountPathOf(name)))]) {
    const reads = await readsDuring(async () => {
      assert.deepEqual((await opened(t, name, { path, signal: new AbortController().signal })).ids, ['a']);
      await new Promise((resolve) => setTimeout(resolve, 400));
    });
    assert.equal(reads, 1);
  }
});

test('files are read once more when somebody else may have written since', async (t) => {
  const name = await storeWith('a');
  const lock = new AbortController();
  const before = async () => {
    await settle();
    lock.abort();
    await edited(name, ['b']);
  };
  assert.deepEqual((await opened(t, name, { path: pathOf(name), signal: lock.signal }, { before })).ids, ['a', 'b']);
});

test('files that the host may mend first are read when it has', async (t) => {
  const name = await storeWith('a');
  const { ids } = await opened(t, name, { path: pathOf(name), signal: new AbortController().signal },
    { before: settle, coreFiles: { beforeLoad: () => edited(name, ['b']) } });
  assert.deepEqual(ids, ['a', 'b']);
});

test('an early failure is told by the load, once', async (t) => {
  const name = freshName();
  await new Promise((resolve) => {
    const request = indexedDB.open(mountPathOf(name), 99);
    request.onsuccess = () => resolve(request.result.close());
  });
  const { result } = await opened(t, name, { path: pathOf(name), signal: new AbortController().signal }, { before: settle });
  assert.match(result.error.message, /^newer: VersionError/);
});

test('the mount has the name that the core gives it', async (t) => {
  for (const odd of ['plain', 'with space', "it's (1)*!~", 'ü€😀', '%2F']) {
    const name = `${freshName()} ${odd}`;
    const core = await openCore(t, { name, storage: 'indexeddb' });
    core.dispatch(files.addFile(file('a')));
    await core.flush();
    assert.ok((await indexedDB.databases()).some((database) => database.name === mountPathOf(name)), name);
  }
});
