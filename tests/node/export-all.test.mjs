// Everything as one file, and back: exportAll() and importAll(), merged and replaced, whole and damaged; and that an import is one
// undo step and one write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { file, flaskServer, freshName, openCore, randomFrom, tree } from './support.mjs';

const slices = { notes: { fields: { filter: null, tags: [] } } };

/** A store with something of every kind. */
async function filled(t, options) {
  const core = await openCore(t, { slices, ...options });
  core.dispatch({ type: 'project/createProject', payload: { id: 'p', name: 'Shop', updatedAt: 1 } });
  core.dispatch({ type: 'files/addItems', payload: [file('a'), file('b', { content: 'ä\u{1F600}\u2028"\\' })] });
  core.dispatch({ type: 'files/setActiveFile', payload: 'b' });
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  core.dispatch({ type: 'settings/updateSettings', payload: { theme: 'light' } });
  core.dispatch(core.actions.notes.addItem({ id: 'n', text: 'Hello' }));
  core.dispatch(core.actions.notes.setFilter('x'));
  core.dispatch(core.actions.notes.setTags(['one', 'two']));
  return core;
}

const project = (core) => core.exportProject().slices;
const idsOf = (core) => core.getState().files.files.map(({ id }) => id);

test('one file has everything, as JSON and under gzip, and makes the same store elsewhere', async (t) => {
  const core = await filled(t, { name: 'the shop' });
  const json = await core.exportAll();
  const packed = await core.exportAll({ gzip: true });
  assert.match(json.name, /^the shop-\d{4}-\d\d-\d\d\.json$/);
  assert.match(packed.name, /\.json\.gz$/);
  const value = JSON.parse(await json.text());
  assert.deepEqual([value.format, value.version, value.app, value.counts], ['codeforge-project', 1, 'the shop', { project: 1, files: 2, componentTrees: 1, notes: 1 }]);
  assert.deepEqual({ ...value.slices, conflicts: undefined }, { ...JSON.parse(JSON.stringify(project(core))), conflicts: undefined });
  const unpacked = JSON.parse(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString());
  assert.deepEqual({ ...unpacked, exportedAt: '' }, { ...value, exportedAt: '' });
  for (const source of [json, packed, await json.arrayBuffer(), new Uint8Array(await packed.arrayBuffer()), await json.text(), value, new Blob(['\ufeff', json])]) {
    const other = await openCore(t, { slices });
    const report = await other.importAll(source);
    assert.deepEqual([report.problems, report.mode, report.backup], [[], 'merge', null]);
    assert.deepEqual(project(other), project(core));
  }
});

test('exportProject() and exportAll() are one format: importProject() reads both', async (t) => {
  const core = await filled(t);
  const other = await openCore(t, { slices });
  assert.deepEqual(other.importProject(await (await core.exportAll()).text()).problems, []);
  assert.deepEqual(project(other), project(core));
});

test('the file is of the moment of the call, whatever happens while it is made', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addItems', payload: Array.from({ length: 3000 }, (_, index) => file(`f${index}`, { content: 'x'.repeat(1000) })) });
  const making = core.exportAll({ gzip: true });
  core.dispatch({ type: 'files/setItems', payload: [] });
  const other = await openCore(t);
  assert.deepEqual((await other.importAll(await making)).counts, { files: 3000 });
});

test('replace: the slices of the file become what they are there, and one undo brings the rest back', async (t) => {
  const core = await filled(t);
  const exported = await core.exportAll();
  const was = project(core);
  core.dispatch({ type: 'files/setItems', payload: [file('c'), file('b', { content: 'changed' })] });
  core.dispatch({ type: 'files/setActiveFile', payload: 'c' });
  core.dispatch(core.actions.notes.setFilter('y'));
  core.dispatch({ type: 'models/addItem', payload: { id: 'm', name: 'M', fields: [], updatedAt: 1 } });
  const before = project(core);
  const report = await core.importAll(exported, { mode: 'replace' });
  assert.deepEqual([report.counts, report.removed, report.problems, report.undoable], [{ project: 1, files: 2, componentTrees: 1, notes: 1 }, { files: 1, models: 1 }, [], true]);
  assert.deepEqual(project(core), was);
  core.undo();
  assert.deepEqual(project(core), before, 'with what was chosen and the fields of slices');
  core.redo();
  assert.deepEqual(project(core), was);
});

test('replace leaves slices alone that the file does not have', async (t) => {
  const core = await filled(t);
  const report = await core.importAll({ 'files:z': file('z') }, { mode: 'replace' });
  assert.deepEqual([idsOf(core), report.removed], [['z'], { files: 2 }]);
  assert.equal(core.getState().notes.items.length, 1);
});

test('replace: what is refused is named, and the item of that id that is here stays', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addItems', payload: [file('a'), file('b'), file('gone')] });
  const value = JSON.parse(await (await core.exportAll()).text());
  value.slices.files.files = [{ ...file('a'), name: 5 }, file('b', { content: 'new' }), file('c')];
  value.counts.files = 3;
  const { counts, removed, problems } = await core.importAll(value, { mode: 'replace' });
  assert.deepEqual([counts, removed, problems.length], [{ files: 2 }, { files: 1 }, 1]);
  assert.match(problems[0], /^files a: .*name must be a string/);
  assert.deepEqual(idsOf(core).sort(), ['a', 'b', 'c']);
  assert.deepEqual([core.read('files', 'a'), core.read('files', 'b').content], [file('a'), 'new']);
});

test('dryRun says what a file holds and changes nothing', async (t) => {
  const core = await filled(t);
  const exported = await core.exportAll();
  const other = await openCore(t, { slices });
  const before = other.getState();
  const { counts, removed } = await other.importAll(exported, { mode: 'replace', dryRun: true });
  assert.deepEqual([counts, removed], [{ project: 1, files: 2, componentTrees: 1, notes: 1 }, {}]);
  assert.equal(other.getState(), before);
});

test('what is no such file is refused with the reason, before anything is changed', async (t) => {
  const core = await filled(t);
  const before = core.getState();
  const packed = new Uint8Array(await (await core.exportAll({ gzip: true })).arrayBuffer());
  const { below } = randomFrom(1);
  const broken = () => {
    const copy = packed.slice();
    copy[10 + below(packed.length - 10)] ^= 1 << below(8);
    return copy;
  };
  for (let round = 0; round < 20; round++) await assert.rejects(core.importAll(broken(), { mode: 'replace' }), { code: 'damaged' });
  for (let length = 2; length < packed.length; length += 97) await assert.rejects(core.importAll(packed.subarray(0, length)), { code: 'damaged' }, String(length));
  await assert.rejects(core.importAll(new Uint8Array([0xff, 0xfe, 0])), { code: 'damaged', message: /UTF-8/ });
  await assert.rejects(core.importAll('{'), { code: 'malformed-payload', message: /not JSON/ });
  await assert.rejects(core.importAll({}), { code: 'malformed-payload', message: /unknown format/ });
  await assert.rejects(core.importAll({ format: 'codeforge-project', version: 2 }), { code: 'unsupported' });
  await assert.rejects(core.importAll({ format: 'codeforge-project', version: 1, schema: 9, slices: {} }), { code: 'read-only' });
  await assert.rejects(core.importAll(packed, { mode: 'both' }), { code: 'malformed-payload', message: /"merge" or "replace"/ });
  const bomb = gzipSync(Buffer.alloc((256 << 20) + 10, 32));
  await assert.rejects(core.importAll(bomb), { code: 'limit', message: /the limit is 268435456/ });
  assert.equal(core.getState(), before);
});

test('a file that says other numbers of itself than it has is taken, and the report tells', async (t) => {
  const core = await filled(t);
  const value = JSON.parse(await (await core.exportAll()).text());
  value.slices.files.files.pop();
  const { problems } = await core.importAll(value);
  assert.deepEqual(problems, ['slices.files: the file says that it has 2 items, and 1 can be read']);
});

test('conflicts and refused edits are in the file, and an import tells that they stay there', async (t) => {
  const server = await flaskServer(t);
  const core = await openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false } });
  core.dispatch({ type: 'files/addItem', payload: file('a') });
  await core.sync.push();
  const body = JSON.stringify({ value: file('a', { content: 'theirs' }) });
  assert.ok((await fetch(`${server.url}/api/storage/files:a`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })).ok);
  core.dispatch({ type: 'files/updateItem', payload: { id: 'a', content: 'mine' } });
  await core.sync.pull();
  assert.equal(core.status().sync.conflicts, 1);
  const value = JSON.parse(await (await core.exportAll()).text());
  assert.equal(value.slices.conflicts.conflicts.length, 1);
  assert.equal(JSON.stringify(value.slices.conflicts).includes('theirs'), true, 'with the other side');
  const other = await openCore(t);
  assert.deepEqual((await other.importAll(value)).problems, ['slices.conflicts: 1 stay in the file; pull to see which are left']);
  assert.deepEqual([other.read('files', 'a').content, other.getState().conflicts.conflicts], ['mine', []]);
});

test('an import is one undo step and one write to the disk', async (t) => {
  const source = await filled(t);
  const value = await (await source.exportAll()).text();
  const writes = [];
  const core = await openCore(t, { slices, storage: 'indexeddb', onInstance: (module) => { module.coreFiles = { stored: ({ puts }) => writes.push(puts.map(([name]) => name)) }; } });
  core.importProject(value);
  await core.flush();
  assert.deepEqual(writes, [['log-1']]);
  assert.equal(core.history.steps.length, 1);
  core.undo();
  assert.deepEqual(idsOf(core), []);
  assert.deepEqual(core.getState().notes.items, []);
  core.redo();
  assert.deepEqual(project(core), project(source));
});

test('a transaction that fails leaves nothing, and the next edit is written as ever', async (t) => {
  const name = freshName();
  const core = await openCore(t, { name, storage: 'indexeddb' });
  assert.throws(() => core.transaction(() => {
    core.dispatch({ type: 'files/addItem', payload: file('a') });
    throw new Error('stop');
  }), /stop/);
  core.dispatch({ type: 'files/addItem', payload: file('b') });
  await core.flush();
  await core.close();
  const again = await openCore(t, { name, storage: 'indexeddb' });
  assert.deepEqual(idsOf(again), ['b']);
});

test('one refused item of ten thousand costs a few dispatches, not ten thousand', async (t) => {
  const core = await openCore(t);
  let told = 0;
  core.subscribe(() => told++);
  const items = Array.from({ length: 10_000 }, (_, index) => file(`f${index}`));
  items[7777] = { ...items[7777], name: 5 };
  const { counts, problems } = core.importProject({ 'project-files': items });
  assert.deepEqual([counts.files, problems.length], [9999, 1]);
  assert.match(problems[0], /f7777/);
  assert.ok(told < 50, `${told} notifications`);
  core.undo();
  assert.equal(core.getState().files.files.length, 0);
});
