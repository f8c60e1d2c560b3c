// Migrations: lazy steps per item, nothing lost when a step fails or the page dies, newer data read-only.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createCore } from 'codeforge-core';
import { exported, file, flaskServer, freshName, openCore, until } from './support.mjs';

const slices = { notes: { indexes: ['title'] } };
const steps = {
  notes: { 2: ({ text, ...note }) => ({ ...note, title: text }), 3: (note) => ({ ...note, tags: [] }) },
  files: { 3: (item) => ({ ...item, language: item.language.toUpperCase() }) },
};
const v1 = { slices };
const v2 = { slices, schema: { version: 2, migrations: { notes: { 2: steps.notes[2] } } } };
const v3 = { slices, schema: { version: 3, migrations: steps } };
const done = (core) => until(() => core.status().schema.pending === 0, 'the migration ends');
const stored = (t, name, options) => openCore(t, { name, storage: 'indexeddb', ...options });

async function filled(t, options = v1) {
  const name = freshName();
  const core = await stored(t, name, options);
  core.dispatch(core.actions.notes.addItems([{ id: 'a', text: 'A', extra: { kept: true } }, { id: 'b', text: 'B' }]));
  core.dispatch({ type: 'files/addFile', payload: file('f', { language: 'ts' }) });
  await core.close();
  return name;
}

test('items are migrated when they are read, across several steps, and members that no step knows stay', async (t) => {
  const core = await stored(t, await filled(t), v3);
  assert.equal(core.status().schema.level, 3);
  assert.equal(core.status().schema.version, 1, 'the number moves when everything is done');
  assert.deepEqual(core.getState().notes.items, [{ id: 'a', extra: { kept: true }, title: 'A', tags: [] }, { id: 'b', title: 'B', tags: [] }]);
  assert.equal(core.read('files', 'f').language, 'TS');
  assert.deepEqual(core.query('notes', 'title', 'B').map(({ id }) => id), ['b']);
  assert.deepEqual(core.status().schema, { known: 3, version: 3, level: 3, pending: 0, readOnly: false });
  assert.deepEqual(core.errors, []);
});

test('what nobody reads is migrated in idle time', async (t) => {
  const name = await filled(t);
  const core = await stored(t, name, v3);
  await done(core);
  assert.equal(core.status().schema.version, 3);
  await core.close();
  const again = await stored(t, name, { slices, schema: { version: 3, migrations: { notes: { 2: () => assert.fail('a step runs once') } } } });
  assert.equal(again.read('notes', 'b').title, 'B');
});

test('an edit of an item that nobody has read meets the migrated item', async (t) => {
  const core = await stored(t, await filled(t), v3);
  core.dispatch(core.actions.notes.updateItem({ id: 'a', title: 'edited' }));
  assert.deepEqual(core.read('notes', 'a'), { id: 'a', extra: { kept: true }, title: 'edited', tags: [] });
  core.dispatch(core.actions.notes.addItem({ id: 'c', title: 'new', tags: [1] }));
  await done(core);
  assert.deepEqual(core.read('notes', 'c'), { id: 'c', title: 'new', tags: [1] }, 'what is written now is not migrated');
});

test('many items are migrated in batches, and every one once', async (t) => {
  const name = freshName();
  const before = await stored(t, name, v1);
  before.dispatch(before.actions.notes.addItems(Array.from({ length: 1500 }, (_, index) => ({ id: `n${index}`, text: `t${index}` }))));
  await before.close();
  const runs = new Map();
  const core = await stored(t, name, { slices, schema: { version: 2, migrations: { notes: { 2: (note) => {
    runs.set(note.id, (runs.get(note.id) ?? 0) + 1);
    return steps.notes[2](note);
  } } } } });
  await done(core);
  assert.equal(runs.size, 1500);
  assert.ok([...runs.values()].every((count) => count === 1));
  assert.equal(core.read('notes', 'n1499').title, 't1499');
  assert.equal(core.getState().notes.items.length, 1500);
});

test('a step that fails leaves its item as it was, visible and listed, and does not stop the others', async (t) => {
  const name = await filled(t);
  const broken = (fail) => ({ slices, schema: { version: 2, migrations: { notes: { 2: (note) => (note.id === 'a' ? fail(note) : steps.notes[2](note)) } } } });
  const fails = [
    [() => { throw new Error('no good'); }, /step 2: no good/], [() => undefined, /did not return an item/], [() => 7, /did not return an item/],
    [(note) => ({ ...note, id: 'other' }), /changed the id to "other"/], [() => { const loop = {}; loop.loop = loop; return loop; }, /step 2: .*circular/i],
  ];
  for (const [fail, message] of fails) {
    const core = await stored(t, name, broken(fail));
    await until(() => message.test(core.flagged()[0]?.message ?? ''), `${message} is said`);
    assert.deepEqual(core.flagged().map(({ slice, id, reason }) => [slice, id, reason]), [['notes', 'a', 'migration']]);
    assert.deepEqual(core.read('notes', 'a'), { id: 'a', text: 'A', extra: { kept: true } }, 'raw, as it was');
    assert.equal(core.read('notes', 'b').title, 'B');
    assert.equal(core.status().schema.version, 2, 'the others are done');
    assert.equal(core.status().schema.pending, 1);
    await core.close();
  }
  const mended = await stored(t, name, v2);
  await done(mended);
  assert.equal(mended.read('notes', 'a').title, 'A', 'it is tried again at every start');
  assert.deepEqual(mended.flagged(), []);
});

test('an application that goes two numbers on in the middle of a migration brings every item to the end', async (t) => {
  const name = await filled(t);
  const failing = await stored(t, name, { slices, schema: { version: 2, migrations: { notes: { 2: (note) => { if (note.id === 'a') throw new Error('later'); return steps.notes[2](note); } } } } });
  await until(() => failing.status().schema.pending === 1);
  await failing.close();
  const core = await stored(t, name, v3);
  await done(core);
  assert.deepEqual(core.getState().notes.items, [{ id: 'a', extra: { kept: true }, title: 'A', tags: [] }, { id: 'b', title: 'B', tags: [] }]);
});

test('data that is newer than the application is opened read-only', async (t) => {
  const name = await filled(t, v3);
  const core = await stored(t, name, v2);
  assert.deepEqual(core.status().schema, { known: 2, version: 3, level: 3, pending: 0, readOnly: true });
  const { error } = core.dispatch(core.actions.notes.updateItem({ id: 'a', text: 'x' }));
  assert.equal(error.code, 'read-only');
  assert.match(error.message, /of schema 3; this program knows schemas up to 2/);
  assert.equal(core.dispatch({ type: 'settings/toggleAutoSync' }).error.code, 'read-only');
  assert.equal(core.dispatch({ type: 'files/loadFiles/pending' }).error, undefined, 'what describes the moment may change');
  await assert.rejects(core.sync.push(), { code: 'read-only' });
  assert.equal(core.read('notes', 'a').text, 'A');
  assert.equal(core.exportProject().slices.notes.items.length, 2);
  assert.equal(core.exportProject().schema, 3);
  const { seq, durableSeq } = core.status();
  await core.flush({ strict: true });
  await core.close();
  const again = await stored(t, name, v3);
  assert.deepEqual([again.status().seq, again.status().schema.readOnly], [seq, false]);
  assert.equal(seq, durableSeq);
});

test('an application without a schema does not write into a store that has one', async (t) => {
  const name = await filled(t, v3);
  const core = await stored(t, name, v1);
  assert.equal(core.status().schema.readOnly, true);
  assert.equal(core.dispatch(core.actions.notes.removeItem('a')).error.code, 'read-only');
});

test('an export of an older schema is migrated when it is imported, a newer one is refused', async (t) => {
  const old = await openCore(t, v1);
  old.dispatch(old.actions.notes.addItems([{ id: 'a', text: 'A' }, { id: 'bad', text: null }]));
  const backup = JSON.stringify(old.exportProject());
  const strict = { slices, schema: { version: 2, migrations: { notes: { 2: (note) => { if (note.text === null) throw new Error('no text'); return steps.notes[2](note); } } } } };
  const core = await openCore(t, strict);
  const report = core.importProject(backup);
  assert.deepEqual(core.getState().notes.items, [{ id: 'a', title: 'A' }]);
  assert.deepEqual(report.problems, ['notes bad: migration step 2: no text']);
  const file2 = core.exportProject();
  assert.equal(file2.schema, 2);
  assert.throws(() => old.importProject(file2), { code: 'read-only', message: /of schema 2; this program knows schemas up to 1/ });
});

test('older items on the server are migrated when they are pulled, newer ones are left alone', async (t) => {
  const server = await flaskServer(t);
  const open = (options) => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false }, ...options });
  const old = await open(v1);
  old.dispatch(old.actions.notes.addItem({ id: 'a', text: 'A' }));
  await old.sync.push();
  const core = await open(v2);
  assert.deepEqual(core.getState().notes.items, [], 'the slice is loaded');
  await core.sync.pull();
  assert.deepEqual(core.getState().notes.items, [{ id: 'a', title: 'A' }]);
  await core.sync.push();
  assert.deepEqual((await exported(server))['notes:a'], { $codeforgeSchema: 2, id: 'a', title: 'A' });
  const other = await open(v2);
  await other.sync.pull();
  assert.deepEqual(other.read('notes', 'a'), { id: 'a', title: 'A' });
  assert.equal(other.status().sync.pending, 0);

  old.dispatch(old.actions.notes.updateItem({ id: 'a', text: 'old edit' }));
  await old.sync.pull();
  await old.sync.push();
  assert.deepEqual((await exported(server))['notes:a'], { $codeforgeSchema: 2, id: 'a', title: 'A' }, 'not overwritten by an older program');
  assert.equal(old.read('notes', 'a').text, 'old edit', 'and the edit is kept');
  assert.equal(old.status().sync.pending, 1);
});

test('migrations of settings and of the theme in use reach the fields', async (t) => {
  const name = freshName();
  const before = await stored(t, name, {});
  before.dispatch({ type: 'theme/setCurrentTheme', payload: { id: 't', name: 'T' } });
  before.dispatch({ type: 'theme/addTheme', payload: { id: 't', name: 'T' } });
  before.dispatch({ type: 'settings/updateSettings', payload: { theme: 'light' } });
  await before.close();
  const core = await stored(t, name, { schema: { version: 2, migrations: {
    theme: { 2: (theme) => ({ ...theme, name: `${theme.name}!` }) }, settings: { 2: (settings) => ({ ...settings, fontSize: 14 }) },
  } } });
  await done(core);
  assert.equal(core.getState().theme.currentTheme.name, 'T!');
  assert.equal(core.read('theme', 't').name, 'T!');
  assert.equal(core.getState().settings.settings.fontSize, 14);
  assert.equal(core.getState().settings.settings.theme, 'light');
});

test('a trap in the middle of a migration loses nothing', async (t) => {
  const core = await stored(t, await filled(t), v3);
  core.dispatch(core.actions.notes.updateItem({ id: 'a', title: 'edited' }));
  core.instances.at(-1).coreTrap(new Error('planted'));
  await until(() => !core.status().runtime.isRecovering);
  await done(core);
  assert.deepEqual(core.read('notes', 'a'), { id: 'a', extra: { kept: true }, title: 'edited', tags: [] });
  assert.equal(core.read('notes', 'b').title, 'B');
  assert.equal(core.read('files', 'f').language, 'TS');
});

test('options that cannot be are refused', async () => {
  const cases = [[{ version: 0 }, /version/], [{ version: 1.5 }, /version/], [{ version: 2, migrations: { files: { 3: () => {} } } }, /step 3/],
    [{ version: 2, migrations: { files: { 2: 'x' } } }, /must be a function/]];
  for (const [schema, message] of cases)
    await assert.rejects(createCore({ name: freshName(), storage: 'memory', schema }), { code: 'malformed-payload', message });
});
