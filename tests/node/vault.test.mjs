// Encryption at rest, over fake-indexeddb with a storage bucket beside it: what lies there, which keys open it, and what
// becomes of files that somebody changed. Real Chromium is in tests/browser/vault.spec.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { CoreError, createCore, files } from 'codeforge-core';
import { openBackupPlace } from '../../web/dist/backup/backup-place.js';
import { resealBackups } from '../../web/dist/vault/reseal.js';
import { Sealer } from '../../web/dist/vault/sealer.js';
import { file, freshName, openCore, randomFrom, until } from './support.mjs';

const bucket = { indexedDB: new IDBFactory() };
Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {}), 'storageBuckets', { value: { open: async () => bucket }, configurable: true });

const passphrase = 'correct horse battery staple';
const kMarker = 'PLAIN-MARKER-7f3a';
const secret = (id) => file(id, { content: `${kMarker} ${id}` });

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Runs on the records of the store, as the database has them. */
async function onRecords(name, run) {
  const db = await settled(indexedDB.open(`/codeforge-${name}`, 21));
  const store = db.transaction('FILE_DATA', 'readwrite').objectStore('FILE_DATA');
  const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
  const records = keys.map((key, index) => [key.split('/').at(-1), Buffer.from(values[index].contents)]);
  await run?.(records, (file_, contents) => settled(contents === null ? store.delete(`/codeforge-${name}/${file_}`)
    : store.put({ timestamp: new Date(), mode: 0o100666, contents: new Uint8Array(contents) }, `/codeforge-${name}/${file_}`)));
  db.close();
  return records;
}

const recordsOf = (name) => onRecords(name);
async function copyOf(name) {
  const db = await settled(bucket.indexedDB.open(`/codeforge-${name}`, 1));
  const transaction = db.transaction(['files', 'quarantine', 'mark']);
  const read = async (store) => {
    const [keys, values] = await Promise.all([settled(transaction.objectStore(store).getAllKeys()), settled(transaction.objectStore(store).getAll())]);
    return keys.map((key, index) => [key, Buffer.from(values[index])]);
  };
  const [copied, quarantine] = await Promise.all([read('files'), read('quarantine')]);
  db.close();
  return { files: copied, quarantine };
}

const wipe = (name) => settled(indexedDB.deleteDatabase(`/codeforge-${name}`));
const isReadable = (records) => records.some(([, bytes]) => bytes.includes(kMarker));
const isCopied = (core) => until(() => core.status().storage.standby.state === 'current' && core.status().durability.mirrored === core.status().seq, 'the copy is current');
const sealedStore = (t, name, more = {}) => openCore(t, { name, storage: 'indexeddb', encryption: { passphrase }, ...more });
const plainStore = (t, name, more = {}) => openCore(t, { name, storage: 'indexeddb', ...more });
const isCode = (code) => (error) => error instanceof CoreError && error.code === code;

async function filled(core, count = 3) {
  for (let index = 0; index < count; index++) {
    core.dispatch(files.addFile(secret(`f${index}`)));
    await core.flush();
  }
  return core;
}

test('nothing readable is stored, and the passphrase gives everything back', async (t) => {
  const name = freshName();
  const core = await filled(await sealedStore(t, name));
  assert.deepEqual(core.status().storage.seal, { by: 'passphrase', rejected: [] });
  core.dispatch(files.addFile(file('big', { content: kMarker.repeat(20_000) })));
  await core.flush({ strict: true });
  const state = core.getState().files;
  await isCopied(core);
  await core.close();
  const records = await recordsOf(name);
  assert.ok(records.some(([file_]) => file_ === 'seal'));
  assert.equal(isReadable(records), false);
  const copy = await copyOf(name);
  assert.deepEqual(copy.files.map(([file_]) => file_), records.map(([file_]) => file_));
  assert.equal(isReadable(copy.files), false);
  const again = await sealedStore(t, name);
  assert.deepEqual(again.getState().files, state);
  assert.equal(again.status().storage.incident, null);
});

test('the first write carries the header, in one transaction with the first sealed file', async (t) => {
  const name = freshName();
  const writes = [];
  const onInstance = (module) => { module.coreFiles = { stored: ({ puts }) => writes.push(puts.map(([file_]) => file_)) }; };
  const core = await sealedStore(t, name, { onInstance });
  core.dispatch(files.addFile(secret('a')));
  await core.flush({ strict: true });
  assert.deepEqual(writes[0], ['seal', 'log-1']);
  core.dispatch(files.addFile(secret('b')));
  await core.flush();
  assert.deepEqual(writes.at(-1), ['log-2'], 'once stored it is not written again');
});

for (const [kind, encryption, code] of [['another passphrase', { passphrase: 'wrong horse' }, 'wrong-key'], ['no key at all', undefined, 'sealed']]) {
  test(`${kind} is ${code}, and nothing is touched`, async (t) => {
    const name = freshName();
    await (await filled(await sealedStore(t, name))).close();
    const before = await recordsOf(name);
    await assert.rejects(createCore({ name, storage: 'indexeddb', encryption }), isCode(code));
    assert.deepEqual(await recordsOf(name), before);
    assert.equal((await sealedStore(t, name)).getState().files.files.length, 3);
  });
}

test('a key of the application opens what it sealed; another key and a passphrase do not', async (t) => {
  const make = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const [key, other] = await Promise.all([make(), make()]);
  const name = freshName();
  const core = await filled(await sealedStore(t, name, { encryption: { key } }));
  assert.equal(core.status().storage.seal.by, 'key');
  await core.close();
  for (const encryption of [{ key: other }, { passphrase }]) await assert.rejects(createCore({ name, storage: 'indexeddb', encryption }), isCode('wrong-key'));
  assert.equal((await sealedStore(t, name, { encryption: { key } })).getState().files.files.length, 3);
});

test('composed and decomposed letters are the same passphrase', async (t) => {
  const name = freshName();
  await (await filled(await sealedStore(t, name, { encryption: { passphrase: 'Schl\u00fcssel' } }))).close();
  assert.equal((await sealedStore(t, name, { encryption: { passphrase: 'Schlu\u0308ssel' } })).getState().files.files.length, 3);
});

test('what is no passphrase and no key is refused by name', async () => {
  const signing = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  for (const encryption of [{}, { passphrase: '' }, { passphrase: 'x'.repeat(1025) }, { passphrase, key: signing }, { key: signing }, { key: {} }, 'text'])
    await assert.rejects(createCore({ name: freshName(), storage: 'indexeddb', encryption }), (error) => isCode('malformed-payload')(error) && /createCore: /.test(error.message));
});

test('a plain store is sealed when it is opened with a key, its copy and what was put aside too, and made plain again', async (t) => {
  const name = freshName();
  const plain = await filled(await plainStore(t, name), 40);
  await isCopied(plain);
  const { files: state } = plain.getState();
  await plain.close();
  const db = await settled(bucket.indexedDB.open(`/codeforge-${name}`, 1));
  await settled(db.transaction('quarantine', 'readwrite').objectStore('quarantine').put(new TextEncoder().encode(kMarker), 'log-0'));
  db.close();
  assert.equal(isReadable(await recordsOf(name)), true);
  const core = await sealedStore(t, name);
  assert.deepEqual(core.getState().files, state);
  assert.equal(isReadable(await recordsOf(name)), false);
  await isCopied(core);
  await core.close();
  const copy = await copyOf(name);
  assert.equal(isReadable(copy.files), false);
  assert.equal(isReadable(copy.quarantine), false);
  assert.equal(copy.quarantine.length, 1);
  const unsealed = await sealedStore(t, name, { encryption: { passphrase, unseal: true } });
  assert.equal(unsealed.status().storage.seal, null);
  assert.deepEqual(unsealed.getState().files, state);
  await isCopied(unsealed);
  await unsealed.close();
  assert.equal((await recordsOf(name)).some(([file_]) => file_ === 'seal'), false);
  assert.equal((await copyOf(name)).files.some(([file_]) => file_ === 'seal'), false);
  await wipe(name);
  const restored = await plainStore(t, name);
  assert.deepEqual(restored.getState().files, state);
});

/** Records of the backups as they lie there. */
async function backupsOf(name) {
  const db = await settled(bucket.indexedDB.open(`codeforge-${name}`, 1));
  const bytes = await settled(db.transaction('files').objectStore('files').getAll());
  db.close();
  return bytes.map((content) => Buffer.from(content));
}

test('backups are sealed with the store and come back in plain with it, and can be restored all the while', async (t) => {
  const name = freshName();
  const plain = await filled(await plainStore(t, name));
  const { id } = await plain.backups.create('before');
  await plain.close();
  assert.equal((await backupsOf(name))[0].readUInt16BE(0), 0x1f8b, 'gzip, for whoever looks');
  const core = await sealedStore(t, name);
  const own = await core.backups.create('sealed at once');
  const headers = (await core.backups.list()).map(({ seal }) => seal);
  assert.ok(headers[0] !== null && headers[0] === headers[1]);
  for (const bytes of await backupsOf(name)) assert.equal(bytes.toString('latin1', 0, 6), 'CFSEAL');
  for (const each of [id, own.id]) {
    core.dispatch(files.updateItem({ id: 'f1', content: 'damaged' }));
    await core.backups.restore(each);
    assert.equal(core.read('files', 'f1').content, `${kMarker} f1`);
  }
  await core.storage.rekey({ passphrase: 'next' });
  const rewrapped = (await core.backups.list()).map(({ seal }) => seal);
  assert.ok(rewrapped.every((seal) => seal === rewrapped[0] && seal !== headers[0]), 'the new passphrase opens them, also when the store is lost');
  await core.close();
  const unsealed = await sealedStore(t, name, { encryption: { passphrase: 'next', unseal: true } });
  unsealed.dispatch(files.updateItem({ id: 'f1', content: 'damaged' }));
  await unsealed.backups.restore(own.id);
  assert.equal(unsealed.read('files', 'f1').content, `${kMarker} f1`);
  for (const bytes of await backupsOf(name)) assert.equal(bytes.readUInt16BE(0), 0x1f8b);
});

test('backups that an interrupted sealing left behind are sealed at the next one, whether they were begun or not', async () => {
  const name = freshName();
  const place = await openBackupPlace(name);
  const sealer = await Sealer.make('store', await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
  const bytes = new TextEncoder().encode(kMarker);
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const entry = (id) => ({ id, at: 1, bytes: bytes.length, items: 1, reason: '', kind: 'manual', schema: 1, seq: 1, sha256, seal: null });
  await place.write(entry('untouched'), bytes);
  await place.write(entry('begun'), sealer.seal('backup/begun', bytes));
  await place.write(entry('damaged'), bytes.slice(1));
  await resealBackups(name, { sealer, header: 'header' }, (id, content) => sealer.open(id, content));
  assert.deepEqual((await place.list()).map(({ id, seal }) => [id, seal]), [['begun', 'header'], ['damaged', null], ['untouched', 'header']]);
  for (const id of ['untouched', 'begun']) assert.deepEqual(await sealer.open(`backup/${id}`, await place.read(id)), bytes);
  assert.deepEqual(await place.read('damaged'), bytes.slice(1), 'nobody can tell what it was');
});

test('a copy that a killed migration left plain is replaced at the next start', async (t) => {
  const name = freshName();
  const plain = await filled(await plainStore(t, name));
  await isCopied(plain);
  await plain.close();
  const stale = (await copyOf(name)).files;
  // The migration, without the time for the copy that follows it.
  const core = await sealedStore(t, name);
  await isCopied(core);
  await core.close();
  const db = await settled(bucket.indexedDB.open(`/codeforge-${name}`, 1));
  const transaction = db.transaction(['files', 'mark'], 'readwrite');
  transaction.objectStore('files').clear();
  for (const [file_, bytes] of stale) transaction.objectStore('files').put(new Uint8Array(bytes), file_);
  transaction.objectStore('mark').put({ seq: 1, at: 1 }, 'mark');
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  db.close();
  const again = await sealedStore(t, name);
  await isCopied(again);
  await again.close();
  const copy = (await copyOf(name)).files;
  assert.equal(isReadable(copy), false);
  assert.deepEqual(copy.map(([file_]) => file_), (await recordsOf(name)).map(([file_]) => file_));
});

for (const failing of [1, 2, 5]) {
  test(`a migration that ends at its put ${failing} has not happened`, async (t) => {
    const name = freshName();
    await (await filled(await plainStore(t, name), 6)).close();
    const before = await recordsOf(name);
    const { put } = IDBObjectStore.prototype;
    let puts = 0;
    const broken = t.mock.method(IDBObjectStore.prototype, 'put', function (...args) {
      if (++puts === failing) this.transaction.abort();
      return put.apply(this, args);
    });
    await assert.rejects(createCore({ name, storage: 'indexeddb', encryption: { passphrase } }));
    broken.mock.restore();
    assert.deepEqual(await recordsOf(name), before);
    assert.equal((await sealedStore(t, name)).getState().files.files.length, 6);
  });
}

test('another passphrase is one small write; the old one opens nothing any more, here and in the copy', async (t) => {
  const name = freshName();
  const core = await filled(await sealedStore(t, name));
  await isCopied(core);
  const before = await recordsOf(name);
  await core.storage.rekey({ passphrase: 'next' });
  core.dispatch(files.addFile(secret('later')));
  await core.flush();
  await isCopied(core);
  await core.close();
  const after = new Map(await recordsOf(name));
  for (const [file_, bytes] of before) assert.equal(after.get(file_).equals(bytes), file_ !== 'seal', file_);
  await assert.rejects(createCore({ name, storage: 'indexeddb', encryption: { passphrase } }), isCode('wrong-key'));
  await wipe(name);
  await assert.rejects(createCore({ name, storage: 'indexeddb', encryption: { passphrase } }), isCode('wrong-key'));
  const again = await sealedStore(t, name, { encryption: { passphrase: 'next' } });
  assert.equal(again.getState().files.files.length, 4);
  await again.storage.rekey({ passphrase });
  await again.close();
  assert.equal((await sealedStore(t, name)).getState().files.files.length, 4);
});

test('there is nothing to rekey in a plain store', async (t) => {
  const core = await plainStore(t, freshName());
  await assert.rejects(core.storage.rekey({ passphrase }), isCode('unsupported'));
  const sealed = await filled(await sealedStore(t, freshName()));
  await assert.rejects(sealed.storage.rekey({}), isCode('malformed-payload'));
});

test('a bit that is flipped anywhere is noticed by its file, and the standby copy mends it', async (t) => {
  const random = randomFrom(0x5ea1);
  for (let round = 0; round < 4; round++) {
    const name = freshName();
    const core = await filled(await sealedStore(t, name));
    await isCopied(core);
    const { files: state } = core.getState();
    await core.close();
    let flipped;
    await onRecords(name, async (records, put) => {
      const logs = records.filter(([file_]) => file_.startsWith('log-'));
      const [file_, bytes] = random.pick(logs);
      flipped = file_;
      bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      await put(file_, bytes);
    });
    const again = await sealedStore(t, name);
    assert.match(again.errors.map(String).join(), new RegExp(`the file "${flipped}" of the sealed store`));
    assert.deepEqual(again.getState().files, state);
    assert.deepEqual([again.status().storage.incident.cause, again.status().storage.incident.restoredFrom], ['damaged', 'bucket']);
    assert.deepEqual(again.status().storage.seal.rejected, []);
  }
});

test('two files that change places are both refused, and so is one that is put in plain', async (t) => {
  const name = freshName();
  await (await filled(await sealedStore(t, name))).close();
  await settled(bucket.indexedDB.deleteDatabase(`/codeforge-${name}`));
  const plain = freshName();
  await (await filled(await plainStore(t, plain))).close();
  const planted = (await recordsOf(plain)).find(([file_]) => file_ === 'log-3')[1];
  await onRecords(name, async (records, put) => {
    const bytes = new Map(records);
    await put('log-1', bytes.get('log-2'));
    await put('log-2', bytes.get('log-1'));
    await put('log-3', planted);
  });
  const again = await sealedStore(t, name);
  assert.deepEqual(again.status().storage.seal.rejected, ['log-1', 'log-2', 'log-3']);
  assert.deepEqual(again.getState().files.files, []);
  assert.equal(again.status().storage.incident.cause, 'wiped');
  assert.equal(again.status().storage.incident.decision, 'needed');
});

test('a wiped store comes back from its sealed copy, for whoever has the key', async (t) => {
  const name = freshName();
  const core = await filled(await sealedStore(t, name));
  await isCopied(core);
  await core.close();
  await wipe(name);
  const copied = (await copyOf(name)).files;
  await assert.rejects(createCore({ name, storage: 'indexeddb', encryption: { passphrase: 'wrong' } }), isCode('wrong-key'));
  await assert.rejects(createCore({ name, storage: 'indexeddb' }), isCode('sealed'));
  assert.deepEqual((await copyOf(name)).files, copied);
  const again = await sealedStore(t, name);
  assert.equal(again.getState().files.files.length, 3);
  assert.equal(again.status().storage.incident.restoredFrom, 'bucket');
});

test('a header that is damaged comes back from the copy; without one the store stays as it is', async (t) => {
  const damaged = async (name) => onRecords(name, async (records, put) => {
    const bytes = new Map(records).get('seal');
    bytes[40] ^= 1;
    await put('seal', bytes);
  });
  const name = freshName();
  const core = await filled(await sealedStore(t, name));
  await isCopied(core);
  await core.close();
  await damaged(name);
  assert.equal((await sealedStore(t, name)).getState().files.files.length, 3);
  const alone = freshName();
  await (await filled(await sealedStore(t, alone))).close();
  await settled(bucket.indexedDB.deleteDatabase(`/codeforge-${alone}`));
  await damaged(alone);
  const before = await recordsOf(alone);
  await assert.rejects(createCore({ name: alone, storage: 'indexeddb', encryption: { passphrase } }), (error) => isCode('damaged')(error) && /"seal"/.test(error.message));
  assert.deepEqual(await recordsOf(alone), before);
});

test('a fresh instance after a trap opens the store without deriving the key again', async (t) => {
  const core = await filled(await sealedStore(t, freshName()));
  const derive = t.mock.method(crypto.subtle, 'deriveKey');
  core.instances.at(-1).coreTrap(new Error('stopped on purpose'));
  core.dispatch(files.addFile(secret('meanwhile')));
  await core.flush();
  assert.equal(core.status().runtime.restarts, 1);
  assert.equal(core.getState().files.files.length, 4);
  assert.equal(derive.mock.callCount(), 0);
});

test('a small write is put and committed in the turn of its flush', async (t) => {
  const core = await filled(await sealedStore(t, freshName()));
  const calls = [];
  const { put } = IDBObjectStore.prototype;
  t.mock.method(IDBObjectStore.prototype, 'put', function (...args) { calls.push('put'); return put.apply(this, args); });
  core.dispatch(files.addFile(secret('second')));
  const flushed = core.flush();
  assert.deepEqual(calls, ['put']);
  await flushed;
});
