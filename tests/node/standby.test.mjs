// The standby copy and the repair from it, with a storage bucket of fake-indexeddb beside the primary's database.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { files, models } from 'codeforge-core';
import { file, freshName, openCore, randomFrom, until } from './support.mjs';

const bucket = { indexedDB: new IDBFactory() };
Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {}), 'storageBuckets', { value: { open: async () => bucket }, configurable: true });

const pathOf = (name) => `/codeforge-${name}`;
const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Runs in one transaction on the primary's records. */
async function onPrimary(name, run) {
  const db = await settled(indexedDB.open(pathOf(name), 21));
  const transaction = db.transaction('FILE_DATA', 'readwrite');
  const result = await run(transaction.objectStore('FILE_DATA'));
  db.close();
  return result;
}

const namesIn = async (name) => (await onPrimary(name, (store) => settled(store.getAllKeys()))).map((key) => key.split('/').at(-1)).sort();
async function copiedNames(name) {
  const db = await settled(bucket.indexedDB.open(pathOf(name), 1));
  const names = await settled(db.transaction('files').objectStore('files').getAllKeys());
  db.close();
  return names.sort();
}
const wipe = (name) => settled(indexedDB.deleteDatabase(pathOf(name)));
const isMirrored = (core) => until(() => core.status().storage.standby.state === 'current' && core.status().durability.mirrored === core.status().seq, 'the copy is current');

async function filled(t, name, count = 10) {
  const incidents = [];
  const core = await openCore(t, { storage: 'indexeddb', name, onIncident: (incident) => incidents.push(incident) });
  for (let index = 0; index < count; index++) {
    core.dispatch(files.addFile(file(`f${index}`)));
    if (index === 0) await core.flush(); // so that there are two files
  }
  await core.flush();
  return Object.assign(core, { incidents });
}

async function reopened(t, name, options) {
  const incidents = [];
  const core = await openCore(t, { storage: 'indexeddb', name, onIncident: (incident) => incidents.push(incident), ...options });
  return Object.assign(core, { incidents });
}

test('the copy has the files of the primary, and the edits reach the level mirrored', async (t) => {
  const name = freshName();
  const core = await filled(t, name);
  assert.ok(['complete', 'strict'].includes(core.durability('files', 'f1')));
  await isMirrored(core);
  assert.equal(core.durability('files', 'f1'), 'mirrored');
  assert.equal(core.status().durability.level, 'mirrored');
  core.dispatch(files.updateItem({ id: 'f1', content: 'x' }));
  const flushed = core.flush();
  assert.equal(core.durability('files', 'f1'), 'handed-over', 'its own edit is on its way');
  assert.equal(core.durability('files', 'f2'), 'mirrored', 'the others are where they were');
  await flushed;
  assert.equal(core.durability('files', 'f1'), 'complete');
  await core.close();
  assert.deepEqual(await copiedNames(name), await namesIn(name));
});

test('a small write goes to the copy at once, a large one when the primary has it', async (t) => {
  const events = [];
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name !== 'mark') events.push(this.name === 'FILE_DATA' ? 'primary' : 'copy');
    return put.apply(this, given);
  };
  t.after(() => { IDBObjectStore.prototype.put = put; });
  const core = await openCore(t, { storage: 'indexeddb', onInstance: (module) => { module.coreFiles = { stored: () => events.push('stored') }; } });
  for (const [content, expected] of [['small', ['primary', 'copy', 'stored']], ['x'.repeat(1_200_000), ['primary', 'stored', 'copy']]]) {
    core.dispatch(files.setItems([{ ...file('f'), content: 'before' }]));
    await isMirrored(core);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the copy's pace
    events.length = 0;
    core.dispatch(files.updateItem({ id: 'f', content }));
    await core.flush();
    await isMirrored(core);
    assert.deepEqual(events, expected);
  }
});

test('a wiped primary is restored, twice, and the incident tells of it', async (t) => {
  const name = freshName();
  let core = await filled(t, name);
  for (let round = 0; round < 2; round++) {
    await isMirrored(core);
    const { seq } = core.status();
    await core.close();
    await wipe(name);
    core = await reopened(t, name);
    assert.equal(core.getState().files.files.length, 10 + round);
    const { incident } = core.status().storage;
    assert.deepEqual(core.incidents, [incident]);
    assert.deepEqual([incident.cause, incident.restoredFrom, incident.seq, incident.lost, incident.decision], ['wiped', 'bucket', seq, 0, 'none']);
    core.dispatch(files.addFile(file(`later${round}`)));
    await core.flush();
  }
});

test('an untouched store has no incident, and neither has a first start', async (t) => {
  const name = freshName();
  const core = await filled(t, name);
  assert.equal(core.status().storage.incident, null);
  await core.close();
  const again = await reopened(t, name);
  assert.equal(again.status().storage.incident, null);
  assert.deepEqual(again.incidents, []);
});

test('a repair that is cut off has not happened, and is made at the next start', async (t) => {
  const name = freshName();
  const core = await filled(t, name);
  await isMirrored(core);
  await core.close();
  await wipe(name);
  const { transaction } = IDBDatabase.prototype;
  const mocked = t.mock.method(IDBDatabase.prototype, 'transaction', function (stores, mode, ...rest) {
    const made = transaction.call(this, stores, mode, ...rest);
    if (mode === 'readwrite' && this.name === pathOf(name)) queueMicrotask(() => made.abort());
    return made;
  });
  await assert.rejects(reopened(t, name));
  mocked.mock.restore();
  assert.deepEqual(await namesIn(name), []);
  const again = await reopened(t, name);
  assert.equal(again.getState().files.files.length, 10);
});

for (let seed = 1; seed <= 4; seed++) {
  test(`flipped bytes in stored records are repaired from the copy, seed ${seed}`, async (t) => {
    const name = freshName();
    const random = randomFrom(seed);
    const core = await filled(t, name, 40);
    if (seed > 2) {
      for (let index = 0; index < 40; index++) {
        core.dispatch(models.addItem({ id: `m${index}`, name: 'M', fields: [], updatedAt: 1 }));
        await core.flush();
      }
      await until(async () => (await namesIn(name)).some((file) => file.startsWith('head-')), 'the log is compacted');
      core.dispatch(files.addFile(file('after')));
      await core.flush();
    }
    await isMirrored(core);
    const state = JSON.parse(JSON.stringify(core.getState()));
    await core.close();
    const victim = random.pick((await namesIn(name)).filter((entry) => entry !== 'stable'));
    await onPrimary(name, async (store) => {
      const key = `${pathOf(name)}/${victim}`;
      const record = await settled(store.get(key));
      record.contents[10 + random.below(record.contents.length - 10)] ^= 1 << random.below(8);
      await settled(store.put(record, key));
    });
    const again = await reopened(t, name);
    assert.deepEqual(JSON.parse(JSON.stringify(again.getState())), state, victim);
    const { incident } = again.status().storage;
    assert.deepEqual([incident.cause, incident.restoredFrom, incident.damaged, incident.lost], ['damaged', 'bucket', 0, 0]);
    assert.ok(incident.quarantined > 0, 'the damaged file was put aside');
    await again.close();
    const third = await reopened(t, name);
    assert.equal(third.status().storage.incident, null, 'the primary is whole again');
  });
}

test('damage without a better copy is reported, and everything else is there', async (t) => {
  const name = freshName();
  const core = await filled(t, name);
  await isMirrored(core);
  await core.close();
  const flip = (record) => { record[record.length - 3] ^= 4; };
  const [victim] = (await namesIn(name)).filter((entry) => entry.startsWith('log-')).slice(-1);
  await onPrimary(name, async (store) => {
    const record = await settled(store.get(`${pathOf(name)}/${victim}`));
    flip(record.contents);
    await settled(store.put(record, `${pathOf(name)}/${victim}`));
  });
  const db = await settled(bucket.indexedDB.open(pathOf(name), 1));
  const copy = db.transaction('files', 'readwrite').objectStore('files');
  const bytes = await settled(copy.get(victim));
  flip(bytes);
  await settled(copy.put(bytes, victim));
  db.close();
  const again = await reopened(t, name);
  const { incident } = again.status().storage;
  assert.deepEqual([incident.cause, incident.restoredFrom], ['damaged', null]);
  assert.ok(incident.damaged > 0 && incident.quarantined > 0);
  assert.ok(again.getState().files.files.length >= 1);
});

test('files that encryption seals are sealed in the copy too, and restored with the key', async (t) => {
  const name = freshName();
  const flipped = (entries) => entries.map(([entry, bytes]) => [entry, bytes.map((byte) => byte ^ 0x5a)]);
  const onInstance = (module) => { module.coreFiles = { seal: flipped, unseal: flipped }; };
  const core = await openCore(t, { storage: 'indexeddb', name, onInstance });
  core.dispatch(files.addFile(file('secret')));
  await core.flush();
  await isMirrored(core);
  await core.close();
  const db = await settled(bucket.indexedDB.open(pathOf(name), 1));
  for (const bytes of await settled(db.transaction('files').objectStore('files').getAll())) assert.ok(!Buffer.from(bytes).includes('secret'));
  db.close();
  await wipe(name);
  const again = await reopened(t, name, { onInstance });
  assert.deepEqual(again.read('files', 'secret'), file('secret'));
});

test('a primary that is emptied under an open store takes nothing from the copy before it is whole again', async (t) => {
  const name = freshName();
  const core = await filled(t, name);
  await isMirrored(core);
  const before = await copiedNames(name);
  const { put } = IDBObjectStore.prototype;
  let refused = 0;
  const mocked = t.mock.method(IDBObjectStore.prototype, 'put', function (value, key) {
    if (value.mode !== undefined && key.includes('/head-')) {
      refused++;
      const { transaction } = this;
      queueMicrotask(() => transaction.abort());
      transaction.commit = () => {};
    }
    return put.call(this, value, key);
  });
  await wipe(name);
  // Several writes, so that the copy has to be brought up to date by comparing.
  for (let index = 0; index < 5; index++) {
    core.dispatch(files.addFile(file('after', { content: String(index) })));
    void core.flush().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await until(() => refused > 1, 'the complete snapshot was refused twice');
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(before.filter((entry) => !entry.startsWith('log-')), []);
  const during = await copiedNames(name);
  assert.deepEqual(before.filter((entry) => !during.includes(entry)), []);
  mocked.mock.restore();
  await isMirrored(core);
  await until(async () => (await copiedNames(name)).join() === (await namesIn(name)).join(), 'the copy follows again');
  assert.equal(core.getState().files.files.length, 11);
});

test('random failures of the primary, ends without close and wipes: the copy restores what was mirrored', async (t) => {
  for (let seed = 1; seed <= 2; seed++) {
    const random = randomFrom(seed);
    const name = freshName();
    const { put } = IDBObjectStore.prototype;
    let failing = false;
    // Only the primary fails: its records have a mode.
    const mocked = t.mock.method(IDBObjectStore.prototype, 'put', function (...args) {
      if (failing && args[0].mode !== undefined) {
        const { transaction } = this;
        queueMicrotask(() => transaction.abort());
        transaction.commit = () => {};
      }
      return put.apply(this, args);
    });
    let core = await reopened(t, name);
    for (let life = 0; life < 4; life++) {
      for (let round = 0; round < 25; round++) {
        core.dispatch(files.addFile(file(`f${random.below(9)}`, { content: `${life}.${round}` })));
        failing = random.below(5) === 0;
        if (random.below(2)) await core.flush().catch(() => {});
        if (random.below(6) === 0) await new Promise((resolve) => setTimeout(resolve, 210));
      }
      failing = false;
      await until(() => core.status().save === 'saved', 'saved');
      await isMirrored(core);
      const state = JSON.parse(JSON.stringify(core.getState().files.files));
      if (random.below(2)) await core.close();
      if (random.below(2)) {
        await wipe(name);
        core = await reopened(t, name);
        assert.equal(core.status().storage.incident.restoredFrom, 'bucket');
      } else {
        core = await reopened(t, name);
      }
      assert.deepEqual(JSON.parse(JSON.stringify(core.getState().files.files)), state, `seed ${seed}, life ${life}`);
      assert.equal(core.status().recovery.damagedRecords, 0);
    }
    mocked.mock.restore();
  }
});

test('a copy that cannot be written is a status and no error of the primary', async (t) => {
  const { open } = IDBFactory.prototype;
  t.mock.method(IDBFactory.prototype, 'open', function (...args) {
    if (this === bucket.indexedDB) throw new DOMException('injected', 'QuotaExceededError');
    return open.apply(this, args);
  });
  const core = await filled(t, freshName());
  await until(() => core.status().storage.standby.state === 'failed', 'the copy failed');
  const { storage, save } = core.status();
  assert.deepEqual([storage.standby.error.code, storage.error, save], ['quota', null, 'saved']);
});
