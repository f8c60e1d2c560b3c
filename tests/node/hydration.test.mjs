// What is dispatched before the stored data are there is put on top of them: the same as if it had come after.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { componentTrees, files, project, settings, sliceTable } from 'codeforge-core';
import { DefaultStore } from 'codeforge-core/default-store';
import { file, freshName, openCore, randomFrom, tree, until } from './support.mjs';

const kSlices = { notes: { indexes: ['path'], fields: { filter: '' } } };
const stored = (options) => ({ storage: 'indexeddb', slices: kSlices, ...options });
/** The whole state; editing a node stamps its tree with the time. */
const shownBy = (core) => JSON.parse(JSON.stringify(Object.fromEntries([...Object.keys(sliceTable), 'notes'].map((slice) => [slice, core.getState()[slice]]))),
  (name, value) => (name === 'updatedAt' && value > 1e12 && value !== file('').updatedAt ? 'now' : value));

/** An action on a few ids, so that most of them meet something that is stored. */
function randomAction(random, step) {
  const id = `f${random.below(8)}`;
  const content = `step ${step}`;
  return random.pick([
    () => files.addFile(file(id, { content })), () => files.updateItem({ id, content }), () => files.removeItem(id), () => files.updateFile(file(id, { name: content })),
    () => files.setItems([file(id), file(`${id}x`)]), () => files.setActiveFile(id), () => files.clearActiveFile(),
    () => settings.toggleAutoSave(), () => settings.updateSettings({ theme: content }), () => settings.setSyncInterval(1000 + step),
    () => componentTrees.addTree(tree(id)), () => componentTrees.updateTreeNode({ treeId: id, nodeId: 'title', updates: { props: { text: content } } }),
    () => project.setCurrentProject({ id, name: content, createdAt: 1, updatedAt: 1 }), () => project.clearCurrentProject(),
    () => ({ type: 'notes/addItem', payload: { id, path: content } }), () => ({ type: 'notes/updateItem', payload: { id, more: step } }),
    () => ({ type: 'notes/removeItem', payload: id }), () => ({ type: 'notes/setFilter', payload: content }),
  ])();
}

for (let seed = 1; seed <= 10; seed++) {
  test(`actions before the data are there give what they give afterwards, seed ${seed}`, async (t) => {
    const random = randomFrom(seed);
    const past = Array.from({ length: 40 }, (_, step) => randomAction(random, step));
    const early = Array.from({ length: 40 }, (_, step) => randomAction(random, 100 + step));
    const names = [freshName(), freshName()];
    for (const name of names) {
      const core = await openCore(t, stored({ name }));
      for (const action of past) core.dispatch(action);
      await core.close();
    }
    const late = await openCore(t, stored({ name: names[0] }));
    for (const action of early) late.dispatch(action);
    const core = await openCore(t, stored({ name: names[1], waitForReady: false }));
    for (const [step, action] of early.entries()) {
      assert.equal(core.dispatch(action).error, undefined);
      if (random.below(4) === 0) await turn();
      if (step === 0) assert.equal(core.status().phase, 'opening', 'the first ones come too early');
    }
    await core.ready;
    assert.deepEqual(shownBy(core), shownBy(late));
    assert.deepEqual(core.errors, late.errors);
    await core.close();
    const again = await openCore(t, stored({ name: names[1] }));
    assert.deepEqual(shownBy(again), { ...shownBy(late), sync: shownBy(again).sync }, 'and they are kept');
  });
}

test('ready is one promise and a state; a thunk that came early resolves when it is durable, on the stored data', async (t) => {
  const name = freshName();
  const before = await openCore(t, stored({ name }));
  await before.dispatch(files.saveFile(file('a')));
  await before.close();
  const core = await openCore(t, stored({ name, waitForReady: false }));
  const phases = [core.status().phase];
  core.onStatus(() => phases.push(core.status().phase));
  assert.equal(core.ready, core.ready);
  const saving = core.dispatch(files.saveFile(file('b')));
  const loading = core.dispatch(files.loadFiles());
  assert.equal(core.status().runtime.queued, 2 + 1, 'the two stages of the save, and the first of the load');
  assert.deepEqual(await saving.unwrap(), file('b'));
  assert.ok(core.status().durableSeq >= 2);
  assert.deepEqual((await loading.unwrap()).map(({ id }) => id), ['a', 'b']);
  assert.deepEqual([...new Set(phases)], ['opening', 'ready']);
  assert.equal(core.status().runtime.queued, 0);
});

test('subscribers hear once of the data and of what came early, together', async (t) => {
  const name = freshName();
  const before = await openCore(t, stored({ name }));
  before.dispatch(files.addItems([file('a'), file('b')]));
  await before.close();
  const core = await openCore(t, stored({ name, waitForReady: false }));
  core.dispatch(files.updateItem({ id: 'a', content: 'early' }));
  const seen = [];
  core.subscribe(() => seen.push(core.getState().files.files.map(({ content }) => content)));
  await core.ready;
  await turn();
  assert.deepEqual(seen.at(-1), ['early', file('b').content]);
  assert.ok(seen.every((contents) => contents.length === 0 || contents.length === 2), 'never half of it');
});

test('a store that cannot be opened rejects ready, is in the phase failed, and tells of every early edit', async (t) => {
  const core = await openCore(t, stored({ waitForReady: false, wasmBinary: new Uint8Array([0, 1, 2, 3]) }));
  for (const id of ['a', 'b']) core.dispatch(files.addFile(file(id)));
  await assert.rejects(core.ready, { name: 'CoreError' });
  assert.equal(core.status().phase, 'failed');
  assert.deepEqual(core.errors.map(({ message }) => /^files\/addFile: /.test(message)), [true, true]);
  assert.ok(core.dispatch(files.addFile(file('c'))).error);
});

test('more than 10,000 early actions are refused by name, and those before them are kept', async (t) => {
  const core = await openCore(t, { waitForReady: false });
  for (let step = 0; step < 10_000; step++) core.dispatch(files.updateItem({ id: 'a', content: String(step) }));
  core.dispatch(files.addFile(file('late')));
  assert.match(core.errors.at(-1).message, /files\/addFile: 10000 actions already wait/);
  await core.ready;
  assert.deepEqual(core.getState().files.files, []);
  core.dispatch(files.addFile(file('late')));
  assert.equal(core.getState().files.files.length, 1);
});

test('the application\'s store has one ready as well; what it is given before it opens is put on the stored data', async (t) => {
  const name = freshName();
  const before = await openCore(t, { name, storage: 'indexeddb' });
  before.dispatch(files.addItems([file('a'), file('b')]));
  await before.close();
  const store = new DefaultStore();
  store.setUp({ name, flaskApiUrl: null });
  t.after(() => store.core.close());
  store.core.dispatch(files.updateItem({ id: 'a', content: 'early' }));
  store.core.dispatch(files.addFile(file('c')));
  assert.equal(store.core.ready, store.core.ready);
  await store.core.ready;
  assert.deepEqual(store.core.getState().files.files, [file('a', { content: 'early' }), file('b'), file('c')]);
  await until(() => store.core.status().save === 'saved', 'it is saved');
});
