// Backups: made by hand, by the clock, and before whatever replaces; kept in a ring; verified and restored. The bucket is one of
// fake-indexeddb, beside the store's own database.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { CoreError } from 'codeforge-core';
import { madeRoom } from '../../web/dist/backup/ring.js';
import { file, freshName, openCore, until } from './support.mjs';

let buckets;
beforeEach(() => {
  buckets = {};
  Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {}), 'storageBuckets', {
    value: { open: async (name) => (buckets[name] ??= { indexedDB: new IDBFactory() }) }, configurable: true,
  });
});

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Runs on the kept bytes of a store's backups, as nobody but a fault would. */
async function onBackups(name, run) {
  const db = await settled(buckets['codeforge-backups'].indexedDB.open(`codeforge-${name}`, 1));
  await run(db.transaction(['files', 'entries'], 'readwrite').objectStore('files'));
  db.close();
}

const put = (core, ...ids) => ids.forEach((id) => core.dispatch({ type: 'files/addItem', payload: file(id) }));
const idsOf = (core) => core.getState().files.files.map(({ id }) => id);
const stored = (t, options) => openCore(t, { storage: 'indexeddb', ...options });

test('a backup is made, listed, restored and removed', async (t) => {
  const core = await stored(t);
  assert.deepEqual(await core.backups.list(), []);
  put(core, 'a', 'b');
  core.dispatch({ type: 'files/setActiveFile', payload: 'a' });
  const entry = await core.backups.create('before the big change');
  assert.deepEqual([entry.items, entry.reason, entry.kind, entry.seal, entry.seq], [2, 'before the big change', 'manual', null, core.status().seq]);
  assert.deepEqual(await core.backups.list(), [entry]);
  const { place, count, bytes, lastAt, error } = core.status().backups;
  assert.deepEqual({ place, count, bytes, lastAt, error }, { place: 'bucket', count: 1, bytes: entry.bytes, lastAt: entry.at, error: null });
  const state = core.getState();

  core.dispatch({ type: 'files/updateItem', payload: { id: 'a', content: 'damaged' } });
  core.dispatch({ type: 'files/removeItem', payload: 'b' });
  core.dispatch({ type: 'files/clearActiveFile' });
  put(core, 'c');
  const report = await core.backups.restore(entry.id);
  assert.deepEqual([report.counts, report.removed, report.problems, report.undoable], [{ files: 2 }, { files: 1 }, [], true]);
  assert.deepEqual(core.getState().files, state.files);
  assert.equal(core.status().durableSeq, core.status().seq, 'it is on the device');

  const [before] = await core.backups.list();
  assert.deepEqual([before.id, before.reason, before.kind, before.items], [report.backup, 'before-restore', 'before', 2]);
  core.undo();
  assert.deepEqual(idsOf(core), ['a', 'c'], 'one undo takes it back');
  await core.backups.restore(before.id);
  assert.deepEqual([idsOf(core), core.read('files', 'a').content], [['a', 'c'], 'damaged']);
  await core.backups.remove(entry.id);
  assert.ok(!(await core.backups.list()).some(({ id }) => id === entry.id));
  await assert.rejects(core.backups.remove(entry.id), { code: 'unknown-backup' });
});

test('a backup outlives the store: its database and the standby copy are gone, and everything comes back', async (t) => {
  const name = freshName();
  const core = await stored(t, { name });
  put(core, 'a', 'b');
  const { id } = await core.backups.create();
  await core.close();
  await settled(indexedDB.deleteDatabase(`/codeforge-${name}`));
  delete buckets['codeforge-standby'];
  const again = await stored(t, { name });
  assert.deepEqual(idsOf(again), []);
  assert.equal((await again.backups.restore(id)).backup, null, 'of an empty store none is made');
  assert.deepEqual(idsOf(again), ['a', 'b']);
});

test('a damaged backup is refused, whichever bit it is, and nothing is changed', async (t) => {
  const name = freshName();
  const core = await stored(t, { name });
  put(core, 'a');
  const { id, bytes } = await core.backups.create();
  put(core, 'b');
  const before = core.getState();
  let kept;
  await onBackups(name, async (kepts) => { kept = await settled(kepts.get(id)); });
  for (const index of [0, 1, 10, bytes >> 1, bytes - 1]) {
    const broken = kept.slice();
    broken[index] ^= 1 << (index % 8);
    await onBackups(name, (kepts) => settled(kepts.put(broken, id)));
    await assert.rejects(core.backups.restore(id), (error) => error instanceof CoreError && error.code === 'damaged' && error.message.includes(id), `byte ${index}`);
    await assert.rejects(core.backups.download(id), { code: 'damaged' });
  }
  assert.equal(core.getState(), before);
  assert.equal((await core.backups.list()).length, 1, 'a restore that is refused makes no backup');
  await onBackups(name, (kepts) => settled(kepts.put(kept, id)));
  assert.equal((await core.backups.restore(id)).counts.files, 1, 'whole again, it can be restored');
});

test('what is downloaded is a file that another store takes', async (t) => {
  const core = await stored(t, { slices: { notes: { fields: { filter: '' } } } });
  put(core, 'a');
  core.dispatch(core.actions.notes.addItem({ id: 'n', text: 'Hello' }));
  core.dispatch(core.actions.notes.setFilter('x'));
  const file = await core.backups.download((await core.backups.create()).id);
  assert.match(file.name, /^test-.*\.json\.gz$/);
  const other = await openCore(t, { slices: { notes: { fields: { filter: '' } } } });
  assert.deepEqual((await other.importAll(file)).problems, []);
  assert.deepEqual(other.getState().notes, core.getState().notes);
  assert.deepEqual(idsOf(other), ['a']);
});

test('by the clock, while there are edits; the ring keeps the last ones', async (t) => {
  const core = await stored(t, { backups: { everyMs: 1000, keep: 2, keepDays: 0 } });
  const seen = new Set();
  for (let round = 0; round < 4; round++) {
    put(core, `f${round}`);
    const { id, reason, kind } = await until(async () => (await core.backups.list()).find((entry) => !seen.has(entry.id)), 'the next backup');
    seen.add(id);
    assert.deepEqual([reason, kind], ['schedule', 'schedule']);
    assert.ok(core.status().backups.nextAt > Date.now() - 1000);
  }
  const [newest, ...others] = await core.backups.list();
  assert.deepEqual([newest.items, others.length], [4, 1]);
  const { seq } = core.status();
  await until(() => Date.now() > core.status().backups.nextAt + 1500, 'it would have been time again');
  assert.deepEqual((await core.backups.list())[0].id, newest.id, 'without an edit there is none');
  assert.equal(core.status().seq, seq);
});

test('backups: false: none by itself, but by hand', async (t) => {
  const core = await stored(t, { backups: false });
  put(core, 'a');
  const { id } = await core.backups.create();
  assert.deepEqual((await core.backups.list()).map((entry) => entry.id), [id]);
  assert.equal(core.status().backups.nextAt, null);
});

test('options that cannot be are refused by name', async (t) => {
  for (const backups of [{ everyMs: 999 }, { keep: -1 }, { maxBytes: '1' }, { keepDays: 0.5 }])
    await assert.rejects(openCore(t, { backups }), { code: 'malformed-payload', message: new RegExp(`backups\\.${Object.keys(backups)[0]} is`) });
});

test('before a migration the items are kept as they were, and can be restored later', async (t) => {
  const name = freshName();
  const slices = { notes: {} };
  const old = await stored(t, { name, slices });
  old.dispatch(old.actions.notes.addItem({ id: 'n', title: 'Hello' }));
  put(old, 'a');
  await old.close();
  const schema = { version: 2, migrations: { notes: { 2: ({ title, ...note }) => ({ ...note, name: title, isNew: true }) } } };
  const core = await stored(t, { name, slices, schema });
  const [entry] = await core.backups.list();
  assert.deepEqual([entry.reason, entry.kind, entry.schema, entry.items], ['before-migration', 'before', 1, 2]);
  assert.deepEqual(core.read('notes', 'n'), { id: 'n', name: 'Hello', isNew: true });
  const text = await new Response((await core.backups.download(entry.id)).stream().pipeThrough(new DecompressionStream('gzip'))).json();
  assert.deepEqual(text.slices.notes.items, [{ id: 'n', title: 'Hello' }], 'in the old shape');
  core.dispatch(core.actions.notes.removeItem('n'));
  await core.backups.restore(entry.id);
  assert.deepEqual(core.read('notes', 'n'), { id: 'n', name: 'Hello', isNew: true }, 'brought up on its way back');
  await core.close();
  const again = await stored(t, { name, slices, schema });
  assert.deepEqual((await again.backups.list()).map(({ reason }) => reason), ['before-restore', 'before-migration'], 'one migration, one backup');
});

test('a place that fails keeps nobody from migrating, and is reported', async (t) => {
  const name = freshName();
  const old = await stored(t, { name });
  put(old, 'a');
  await old.close();
  Object.defineProperty(navigator, 'storageBuckets', { value: { open: async () => { throw new DOMException('not today', 'InvalidStateError'); } }, configurable: true });
  const core = await stored(t, { name, schema: { version: 2, migrations: { files: { 2: (item) => ({ ...item, done: true }) } } } });
  assert.equal(core.read('files', 'a').done, true);
  assert.ok(core.errors.some(({ code, message }) => code === 'storage' && message.includes('not today')));
});

test('without a place: clear errors, and nothing that needs none is in the way', async (t) => {
  delete navigator.storageBuckets;
  const core = await stored(t);
  put(core, 'a');
  assert.deepEqual(await core.backups.list(), []);
  assert.equal(core.status().backups.place, 'none');
  await assert.rejects(core.backups.create(), { code: 'unavailable', message: /offers no place/ });
  await assert.rejects(core.backups.restore('x'), { code: 'unknown-backup' });
  const report = await core.importAll({ 'project-files': [file('b')] }, { mode: 'replace' });
  assert.deepEqual([report.backup, report.removed, idsOf(core)], [null, { files: 1 }, ['b']]);
});

test('a backup that cannot be made first keeps a replacement from happening', async (t) => {
  const core = await stored(t);
  put(core, 'a');
  Object.defineProperty(navigator, 'storageBuckets', { value: { open: async () => { throw new DOMException('full', 'QuotaExceededError'); } }, configurable: true });
  await assert.rejects(core.importAll({ 'project-files': [file('b')] }, { mode: 'replace' }), { code: 'storage', message: /nothing was changed.*no room.*backup: false/ });
  assert.deepEqual(idsOf(core), ['a']);
  await core.importAll({ 'project-files': [file('b')] }, { mode: 'replace', backup: false });
  assert.deepEqual(idsOf(core), ['b']);
});

test('a place that never answers is given up, and the next try is a new one', async (t) => {
  const core = await openCore(t, { backups: false });
  put(core, 'a');
  let isAsked;
  const asked = new Promise((resolve) => { isAsked = resolve; });
  const { storageBuckets } = navigator;
  Object.defineProperty(navigator, 'storageBuckets', { value: { open: () => { isAsked(); return new Promise(() => {}); } }, configurable: true });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const refused = assert.rejects(core.backups.create(), { code: 'storage', message: /does not answer/ });
  await asked;
  await Promise.resolve();
  t.mock.timers.tick(60_000);
  await refused;
  t.mock.timers.reset();
  Object.defineProperty(navigator, 'storageBuckets', { value: storageBuckets, configurable: true });
  assert.equal((await core.backups.create()).items, 1);
});

test('backups that are asked for at the same time are made one after the other', async (t) => {
  const name = freshName();
  const core = await stored(t, { name });
  put(core, 'a');
  const made = await Promise.all([core.backups.create('one'), core.backups.create('two'), core.backups.create('three')]);
  assert.deepEqual((await core.backups.list()).map(({ reason }) => reason).sort(), ['one', 'three', 'two']);
  assert.equal(new Set(made.map(({ id }) => id)).size, 3);
  assert.equal(core.status().backups.isBusy, false);
});

test('of a sealed store the backups are sealed; what is downloaded is not', async (t) => {
  const name = freshName();
  const encryption = { passphrase: 'correct horse' };
  const core = await stored(t, { name, encryption });
  core.dispatch({ type: 'files/addItem', payload: file('a', { content: 'plain marker '.repeat(100) }) });
  await core.flush();
  const { id, seal } = await core.backups.create();
  assert.ok(seal);
  let kept;
  await onBackups(name, async (kepts) => { kept = await settled(kepts.get(id)); });
  assert.notDeepEqual([...kept.subarray(0, 2)], [0x1f, 0x8b], 'not even gzip can be seen');
  core.dispatch({ type: 'files/removeItem', payload: 'a' });
  assert.equal((await core.backups.restore(id)).counts.files, 1);
  const other = await openCore(t);
  assert.equal((await other.importAll(await core.backups.download(id))).counts.files, 1);

  await core.close();
  await settled(indexedDB.deleteDatabase(`/codeforge-${name}`));
  delete buckets['codeforge-standby'];
  const again = await stored(t, { name, encryption });
  assert.deepEqual(idsOf(again), []);
  assert.equal((await again.backups.restore(id)).counts.files, 1, 'the key is gone with the store, and its passphrase opens the backup');
  await again.close();
  await settled(indexedDB.deleteDatabase(`/codeforge-${name}`));
  delete buckets['codeforge-standby'];
  const strange = await stored(t, { name, encryption: { passphrase: 'wrong horse' } });
  await assert.rejects(strange.backups.restore(id), { code: 'wrong-key' });
  await strange.close();
  await settled(indexedDB.deleteDatabase(`/codeforge-${name}`));
  delete buckets['codeforge-standby'];
  const plain = await stored(t, { name });
  await assert.rejects(plain.backups.restore(id), { code: 'sealed', message: new RegExp(`${id} is sealed`) });
});

// --- the ring, by itself ---------------------------------------------------------------------------

const day = 86_400_000;
const noon = new Date(2026, 5, 15, 12).getTime();
const entry = (kind, at, bytes = 1) => ({ id: `${kind}-${at}`, kind, at, bytes });
const limits = { keep: 2, keepDays: 3, maxBytes: 100 };
const timesLeft = (present, added, given = limits) => {
  const drop = new Set(madeRoom(present, added, given));
  return [added, ...present].filter(({ id }) => !drop.has(id)).map(({ at }) => (noon - at) / 3_600_000).sort((one, other) => one - other);
};

test('the ring keeps the last ones and the last of each day', () => {
  const hours = [1, 2, 3, 23, 25, 26, 50, 74, 98].map((hour) => entry('schedule', noon - hour * 3_600_000));
  assert.deepEqual(timesLeft(hours, entry('schedule', noon)), [0, 1, 23, 50], 'two, and of three days the last: 0 h, 23 h and 50 h ago');
  assert.deepEqual(timesLeft(hours, entry('schedule', noon), { ...limits, keepDays: 0 }), [0, 1]);
});

test('what was made for a reason has places of its own, and what a user made is never removed', () => {
  const present = [entry('manual', noon - 9 * day), entry('before', noon - 3), entry('before', noon - 4), entry('schedule', noon - 5), entry('schedule', noon - 6)];
  assert.deepEqual(madeRoom(present, entry('before', noon), limits), [`before-${noon - 4}`]);
  assert.deepEqual(madeRoom(present, entry('before', noon), limits, `before-${noon - 4}`), [], 'the one that is being restored stays');
  assert.throws(() => madeRoom(Array.from({ length: 50 }, (_, index) => entry('manual', index)), entry('manual', noon), limits), { code: 'limit', message: /50 of your own/ });
});

test('bytes are bounded: the oldest of the clock go first, then those before an import, and what still does not fit is refused', () => {
  const present = [entry('schedule', noon - 1, 40), entry('before', noon - 2 * day, 40)];
  assert.deepEqual(madeRoom(present, entry('schedule', noon, 30), limits), [`schedule-${noon - 1}`]);
  assert.deepEqual(madeRoom(present, entry('schedule', noon, 70), limits), [`schedule-${noon - 1}`, `before-${noon - 2 * day}`]);
  assert.throws(() => madeRoom(present, entry('manual', noon, 101), limits), { code: 'limit', message: /101 bytes would be kept; the limit is 100/ });
});
