// Slices that an application defines: the same life as the built-in ones.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createCore, defineSlice } from 'codeforge-core';
import { exported, flaskServer, freshName, openCore, until } from './support.mjs';

const notes = defineSlice()({ indexes: ['path', 'meta.tag'], fields: { filter: '', view: { sort: 'name' } } });
const note = (id, more = {}) => ({ id, path: `/${id}`, text: `text of ${id}`, ...more });

test('state, actions and fields of a custom slice are those of a built-in one', async (t) => {
  const core = await openCore(t, { slices: { notes } });
  assert.deepEqual(core.getState().notes, { items: [], activeId: null, filter: '', view: { sort: 'name' } });
  const { addItem, addItems, updateItem, replaceItem, removeItem, setItems, setActive, clearActive, setFilter } = core.actions.notes;
  core.dispatch(addItem(note('a')));
  core.dispatch(addItems([note('b'), note('c')]));
  core.dispatch(updateItem({ id: 'a', text: 'changed' }));
  core.dispatch(replaceItem({ id: 'b', path: '/new' }));
  core.dispatch(replaceItem({ id: 'absent', path: '/new' }));
  core.dispatch(setActive('c'));
  core.dispatch(setFilter(['x', { deep: true }]));
  assert.deepEqual(core.getState().notes, {
    items: [note('a', { text: 'changed' }), { id: 'b', path: '/new' }, note('c')], activeId: 'c', filter: ['x', { deep: true }], view: { sort: 'name' },
  });
  core.dispatch(removeItem('c'));
  assert.equal(core.getState().notes.activeId, null, 'what is gone is not active');
  core.dispatch(setItems([note('z')]));
  core.dispatch(clearActive());
  assert.deepEqual(core.getState().notes.items, [note('z')]);
  assert.equal(addItem.type, 'notes/addItem');
  assert.ok(addItem.match({ type: 'notes/addItem' }));
  assert.deepEqual(core.errors, []);
});

test('an edit of one custom item keeps the identity of everything else', async (t) => {
  const core = await openCore(t, { slices: { notes, tags: {} } });
  core.dispatch(core.actions.notes.addItems([note('a'), note('b')]));
  const before = core.getState();
  core.dispatch(core.actions.notes.updateItem({ id: 'a', text: 'new' }));
  const after = core.getState();
  assert.notEqual(after.notes, before.notes);
  assert.equal(after.notes.items[1], before.notes.items[1]);
  assert.equal(after.tags, before.tags);
  assert.equal(after.files, before.files);
  assert.equal(core.read('notes', 'a').text, 'new');
  assert.ok(Object.isFrozen(core.read('notes', 'a')));
});

test('bad items are refused like those of built-in slices', async (t) => {
  const core = await openCore(t, { slices: { notes } });
  for (const [payload, what] of [[{ text: 'no id' }, /notes\/addItem: .*no id/], [{ id: '' }, /id/], [{ id: 'x', f: () => {} }, /payload\.f is a function/]]) {
    assert.match(core.dispatch({ type: 'notes/addItem', payload }).error.message, what);
  }
  assert.equal(core.dispatch({ type: 'notes/addNote', payload: note('a') }).error.code, 'unknown-action');
  assert.equal(core.dispatch({ type: 'other/addItem', payload: note('a') }).error.code, 'unknown-slice');
  assert.deepEqual(core.getState().notes.items, []);
});

test('a definition that cannot be is refused, and says why', async () => {
  const cases = [
    [{ files: {} }, /slices\.files: there is a slice of this name already/],
    [{ 'a-b': {} }, /slices\.a-b: a name is a letter/],
    [{ notes: { wire: 'files' } }, /'files:' belong to another slice/],
    [{ notes: { persist: false, wire: 'notes' } }, /cannot be synced/],
    [{ notes: { collection: 'a b' } }, /collection/],
    [{ notes: { fields: { items: 1 } } }, /field 'items'/],
    [{ notes: { indexes: 'path' } }, /indexes must be an array/],
    [{ notes: { fields: [] } }, /fields must be an object/],
    [{ notes: null }, /slices\.notes: must be an object/],
    [Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`s${index}`, {}])), /more than 64/],
  ];
  for (const [slices, message] of cases)
    await assert.rejects(createCore({ name: freshName(), storage: 'memory', slices, onError: () => {} }), (error) => {
      assert.match(error.message, message);
      assert.match(error.code, /malformed-payload|limit/);
      return true;
    });
});

test('items survive a reload, a change of the order of definitions, and not being defined', async (t) => {
  const name = freshName();
  const open = (slices) => openCore(t, { name, storage: 'indexeddb', slices });
  const first = await open({ notes, tags: { collection: 'list' } });
  first.dispatch(first.actions.notes.addItems([note('a'), note('b')]));
  first.dispatch(first.actions.notes.setFilter('f'));
  first.dispatch(first.actions.tags.addItem({ id: 't' }));
  await first.close();

  const second = await open({ tags: { collection: 'list' }, more: {} });
  assert.deepEqual(second.getState().tags.list, [{ id: 't' }]);
  assert.equal(second.getState().notes, undefined);
  assert.equal(second.dispatch({ type: 'notes/addItem', payload: note('c') }).error.code, 'unknown-slice');
  second.dispatch(second.actions.more.addItem({ id: 'm' }));
  await second.close();

  const third = await open({ more: {}, notes });
  assert.deepEqual(third.getState().notes.items, [note('a'), note('b')]);
  assert.equal(third.getState().notes.filter, 'f');
  assert.deepEqual(third.getState().more.items, [{ id: 'm' }]);
});

test('a slice that is not kept is empty after a reload, and what it kept before is not touched', async (t) => {
  const name = freshName();
  const open = (definition) => openCore(t, { name, storage: 'indexeddb', slices: { notes: definition } });
  const kept = await open({});
  kept.dispatch(kept.actions.notes.addItem(note('a')));
  await kept.close();
  for (let round = 0; round < 2; round++) {
    const passing = await open({ persist: false });
    assert.deepEqual(passing.getState().notes.items, []);
    passing.dispatch(passing.actions.notes.addItem(note('b')));
    assert.equal(passing.getState().notes.items.length, 1);
    await passing.close();
  }
  const again = await open({});
  assert.deepEqual(again.getState().notes.items, [note('a')]);
});

test('custom items survive a trap of the instance', async (t) => {
  for (const storage of ['memory', 'indexeddb']) {
    const core = await openCore(t, { storage, slices: { notes } });
    core.dispatch(core.actions.notes.addItem(note('a')));
    core.dispatch(core.actions.notes.setFilter('kept'));
    core.instances.at(-1).coreTrap(new Error('planted'));
    core.dispatch(core.actions.notes.updateItem({ id: 'a', text: 'while it recovers' }));
    await until(() => core.status().phase === 'ready' && !core.status().runtime.isRecovering);
    assert.equal(core.read('notes', 'a').text, 'while it recovers');
    assert.equal(core.getState().notes.filter, 'kept');
    assert.ok(core.status().runtime.restarts > 0);
  }
});

test('export and import carry custom slices', async (t) => {
  const source = await openCore(t, { slices: { notes } });
  source.dispatch(source.actions.notes.addItems([note('a'), note('b')]));
  source.dispatch(source.actions.notes.setActive('b'));
  source.dispatch(source.actions.notes.setView({ sort: 'path' }));
  const target = await openCore(t, { slices: { notes } });
  const report = target.importProject(JSON.stringify(source.exportProject()));
  assert.equal(report.counts.notes, 2);
  assert.deepEqual(target.getState().notes, source.getState().notes);
  const without = await openCore(t);
  assert.ok(without.importProject(source.exportProject()).problems.some((problem) => problem.startsWith('slices.notes')));
});

test('custom items are pushed, pulled and in conflict under their own prefix', async (t) => {
  const server = await flaskServer(t);
  const slices = { notes: { wire: 'memo' }, local: { wire: null } };
  const open = () => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false }, slices });
  const [left, right] = [await open(), await open()];
  left.dispatch(left.actions.notes.addItem(note('a')));
  left.dispatch(left.actions.local.addItem({ id: 'never' }));
  await left.sync.push();
  assert.deepEqual(Object.keys(await exported(server)), ['memo:a']);
  await right.sync.pull();
  assert.deepEqual(right.read('notes', 'a'), note('a'));
  left.dispatch(left.actions.notes.updateItem({ id: 'a', text: 'left' }));
  right.dispatch(right.actions.notes.updateItem({ id: 'a', text: 'right' }));
  await left.sync.push();
  await right.sync.pull();
  const [conflict] = right.getState().conflicts.conflicts;
  assert.equal(conflict.entityType, 'notes');
  right.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: conflict.id, strategy: 'local' } });
  await right.sync.push();
  assert.equal((await exported(server))['memo:a'].text, 'right');
  left.dispatch(left.actions.notes.removeItem('a'));
  await left.sync.pull();
  assert.equal(left.getState().conflicts.conflicts.length, 1, 'a deletion here and an edit there');
});

test('what a slice that is not defined any more had to push waits for it', async (t) => {
  const server = await flaskServer(t);
  const name = freshName();
  const open = (slices) => openCore(t, { name, storage: 'indexeddb', flaskApiUrl: server.url, autoSync: { enabled: false }, slices });
  const first = await open({ notes });
  first.dispatch(first.actions.notes.addItem(note('a')));
  await first.close();
  const second = await open({});
  second.dispatch({ type: 'lambdas/addItem', payload: { id: 'l', name: 'l', code: '', runtime: '', handler: '', updatedAt: 1 } });
  await second.sync.push();
  await second.sync.pull();
  assert.deepEqual(Object.keys(await exported(server)), ['lambdas:l']);
  await second.close();
  const third = await open({ notes });
  await third.sync.push();
  assert.deepEqual(Object.keys(await exported(server)).sort(), ['lambdas:l', 'notes:a']);
});
