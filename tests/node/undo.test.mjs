// Undo and redo through the module: steps, groups, reloads, replays after a trap, edits of others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { files } from 'codeforge-core';
import { exported, file, flaskServer, freshName, openCore, until } from './support.mjs';

/** Longer than the pause that ends a step of typing. */
const pause = () => sleep(520);
const contentOf = (core, id) => core.read('files', id)?.content;

test('undo and redo answer what they did; history keeps its identity while nothing changed', async (t) => {
  const core = await openCore(t);
  assert.deepEqual(core.history, { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null, steps: [] });
  assert.equal(core.undo(), null);
  core.dispatch(files.setFiles([file('a'), file('b')]));
  core.dispatch(files.updateItem({ id: 'a', content: 'new' }));
  const { history } = core;
  assert.equal(core.history, history);
  assert.deepEqual([history.canUndo, history.undoLabel, history.redoLabel, history.steps.length], [true, 'Edit a.ts', null, 2]);
  assert.deepEqual({ ...history.steps[1], at: 0 }, {
    type: 'files/updateItem', slice: 'files', id: 'a', items: 1, at: 0, label: 'Edit a.ts', isUndone: false, isWithdrawn: false,
  });
  assert.equal(history.steps[0].label, 'Replace 2 items');
  core.dispatch(files.updateItem({ id: 'a', content: 'newer' }));
  assert.equal(core.history, history, 'typing on joins the step');
  const untouched = core.read('files', 'b');
  let told = 0;
  core.subscribe(() => told++);
  assert.deepEqual(core.undo(), { type: 'files/updateItem', items: [{ slice: 'files', id: 'a' }], withdrawn: [] });
  assert.equal(told, 1);
  assert.deepEqual(core.getState().files.files, [file('a'), file('b')]);
  assert.equal(core.read('files', 'b'), untouched);
  assert.equal(core.history.redoLabel, 'Edit a.ts');
  assert.equal(core.redo().type, 'files/updateItem');
  assert.equal(contentOf(core, 'a'), 'newer');
  assert.equal(core.redo(), null);
});

test('undo is an action like any other', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  const action = { type: 'history/undo' };
  assert.equal(core.dispatch(action), action);
  assert.deepEqual(core.getState().files.files, []);
  core.dispatch({ type: 'history/redo' });
  assert.deepEqual(core.getState().files.files, [file('a')]);
  let told = 0;
  core.subscribe(() => told++);
  core.dispatch({ type: 'history/clear' });
  assert.equal(told, 1, 'whoever shows a button hears of it');
  assert.equal(core.history.canUndo, false);
  assert.equal(core.undo(), null);
  assert.equal(core.dispatch({ type: 'history/anything' }).error.code, 'unknown-action');
});

test('items come back to their places', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.setFiles(['a', 'b', 'c', 'd'].map((id) => file(id))));
  const before = core.getState().files.files;
  core.dispatch(files.removeItem('b'));
  core.undo();
  assert.deepEqual(core.getState().files.files, before);
  assert.equal(core.getState().files.files[3], before[3], 'the others keep their identity');
  core.dispatch(files.setFiles([before[3], before[0]]));
  core.undo();
  assert.deepEqual(core.getState().files.files.map(({ id }) => id), ['a', 'b', 'c', 'd']);
  assert.deepEqual(JSON.parse(core.instances[0].readAll('files')).items.map(({ id }) => id), ['a', 'b', 'c', 'd']);
});

test('a transaction is one step, and none when it throws', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.setFiles([file('a'), file('b')]));
  const before = core.getState().files.files;
  const answer = core.transaction(() => {
    core.dispatch(files.updateItem({ id: 'a', content: '1' }));
    core.dispatch(files.removeItem('b'));
    core.transaction(() => core.dispatch(files.addFile(file('c'))));
    return 7;
  });
  assert.equal(answer, 7);
  assert.equal(core.history.steps.length, 2);
  const after = core.getState().files.files;
  core.undo();
  assert.deepEqual(core.getState().files.files, before);
  core.redo();
  assert.deepEqual(core.getState().files.files, after);
  assert.throws(() => core.transaction(() => {
    core.dispatch(files.removeItem('a'));
    throw new Error('changed my mind');
  }), /changed my mind/);
  assert.deepEqual(core.getState().files.files, after);
  assert.equal(core.history.steps.length, 2);
  assert.equal(core.history.canRedo, false);
  core.dispatch({ ...files.updateItem({ id: 'a', content: '2' }), meta: { group: 'g' } });
  core.dispatch({ ...files.updateItem({ id: 'c', content: '2' }), meta: { group: 'g' } });
  assert.equal(core.history.steps.length, 3);
  core.undo();
  assert.deepEqual(core.getState().files.files, after);
});

test('steps survive a reload of the same session, and are nobody else\'s', async (t) => {
  const name = freshName();
  const options = { storage: 'indexeddb', name, session: 'tab-1' };
  const core = await openCore(t, options);
  core.dispatch(files.addFile(file('a')));
  core.dispatch(files.updateItem({ id: 'a', content: 'typed' }));
  await pause();
  core.dispatch(files.updateItem({ id: 'a', content: 'typed more' }));
  core.undo();
  await core.close();
  const other = await openCore(t, { ...options, session: 'tab-2' });
  assert.equal(other.history.canUndo || other.history.canRedo, false);
  await other.close();
  const stranger = await openCore(t, { ...options, user: 'eve' });
  assert.equal(stranger.undo(), null);
  await stranger.close();
  const again = await openCore(t, options);
  assert.deepEqual(again.history.steps.map((step) => [step.type, step.isUndone]), [
    ['files/addFile', false], ['files/updateItem', false], ['files/updateItem', true],
  ]);
  again.redo();
  assert.equal(contentOf(again, 'a'), 'typed more');
  again.undo();
  again.undo();
  assert.equal(contentOf(again, 'a'), file('a').content);
  again.undo();
  assert.deepEqual(again.getState().files.files, []);
});

/** A function that executes `unreachable`: (module (func (export "trap") unreachable)). */
const trapCode = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, 10, 5, 1, 3, 0, 0, 11]);
const { trap } = new WebAssembly.Instance(new WebAssembly.Module(trapCode)).exports;

test('a replay after a trap takes back what was taken back, and no more', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  core.dispatch(files.addFile(file('a')));
  await core.flush();
  core.dispatch(files.updateItem({ id: 'a', content: 'first' }));
  await pause();
  core.dispatch(files.updateItem({ id: 'a', content: 'second' }));
  core.dispatch(files.updateItem({ id: 'a', content: 'second and on' }));
  core.undo();
  core.transaction(() => {
    core.dispatch(files.addFile(file('b')));
    core.dispatch(files.addFile(file('c')));
  });
  core.instances[0].dispatch = () => trap();
  core.dispatch(files.addFile(file('d')));
  await until(() => !core.status().runtime.isRecovering && core.status().phase === 'ready', 'the core has recovered');
  assert.equal(contentOf(core, 'a'), 'first', 'the replay was quick, but the two edits are two steps');
  assert.deepEqual(core.history.steps.map(({ type, items }) => `${type} ${items}`), ['files/addFile 1', 'files/updateItem 1', 'files/addFile 2', 'files/addFile 1']);
  core.undo();
  core.undo();
  assert.deepEqual(core.getState().files.files.map(({ id }) => id), ['a']);
  core.undo();
  assert.equal(contentOf(core, 'a'), file('a').content);
});

test('memory only: after a trap there is nothing to undo, and nothing is undone', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  core.instances[0].coreTrap(new WebAssembly.RuntimeError('unreachable'));
  await until(() => !core.status().runtime.isRecovering && core.status().phase === 'ready', 'the core has recovered');
  assert.equal(core.undo(), null);
  assert.deepEqual(core.getState().files.files, [file('a')]);
});

test('actions and transactions before the core is ready make their steps afterwards', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb', waitForReady: false });
  core.transaction(() => {
    core.dispatch(files.addFile(file('a')));
    core.dispatch(files.addFile(file('b')));
  });
  assert.equal(core.undo(), null, 'nobody knows yet what there will be to undo');
  await core.ready;
  assert.equal(core.history.canRedo, true, 'the undo waited its turn');
  core.redo();
  assert.equal(core.getState().files.files.length, 2);
});

test('what others changed stays: the step is merged, or withdrawn and told', async (t) => {
  const server = await flaskServer(t);
  const connect = () => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false } });
  const mine = await connect();
  mine.dispatch(files.setFiles([file('a'), file('b'), file('c')]));
  await mine.sync.push();
  mine.dispatch(files.updateItem({ id: 'a', content: 'mine' }));
  mine.dispatch(files.updateItem({ id: 'b', content: 'mine' }));
  mine.dispatch(files.updateItem({ id: 'c', content: 'mine' }));
  await mine.sync.push();
  const theirs = await connect();
  await theirs.sync.pull();
  theirs.dispatch(files.updateItem({ id: 'a', name: 'theirs' }));
  theirs.dispatch(files.updateItem({ id: 'b', content: 'theirs' }));
  theirs.dispatch(files.removeItem('c'));
  await theirs.sync.push();
  await mine.sync.pull();
  assert.deepEqual(mine.history.steps.map(({ id, isWithdrawn }) => [id, isWithdrawn]), [['a', true], ['a', false], ['b', true], ['c', true]]);
  assert.deepEqual(mine.undo(), {
    type: 'files/updateItem', items: [{ slice: 'files', id: 'a' }],
    withdrawn: [{ slice: 'files', id: 'c', path: ['content'], why: 'gone' }, { slice: 'files', id: 'b', path: ['content'], why: 'overwritten' }],
  });
  assert.deepEqual(mine.read('files', 'a'), file('a', { name: 'theirs' }), 'disjoint members are merged');
  assert.equal(contentOf(mine, 'b'), 'theirs');
  await mine.sync.push();
  assert.equal((await exported(server))['files:a'].content, file('a').content, 'an undo is pushed like an edit');
  const last = mine.undo();
  assert.deepEqual([last.type, last.withdrawn.map(({ id, why }) => `${id} ${why}`)], [null, ['c gone', 'b overwritten', 'a overwritten']], 'taking the adding back would take their edits along');
  assert.equal(mine.undo(), null);
  assert.equal(mine.getState().files.files.length, 2);
});

test('a resolved conflict comes back, also when the resolution was pushed, and can be resolved the other way', async (t) => {
  const server = await flaskServer(t);
  const connect = () => openCore(t, { flaskApiUrl: server.url, autoSync: { enabled: false } });
  const mine = await connect();
  mine.dispatch(files.addFile(file('a')));
  await mine.sync.push();
  const theirs = await connect();
  await theirs.sync.pull();
  theirs.dispatch(files.updateItem({ id: 'a', content: 'theirs' }));
  await theirs.sync.push();
  mine.dispatch(files.updateItem({ id: 'a', content: 'mine' }));
  await mine.sync.pull();
  const [conflict] = mine.getState().conflicts.conflicts;
  assert.equal(conflict.remoteVersion.content, 'theirs');
  mine.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: 'files:a', strategy: 'local' } });
  await mine.sync.push();
  assert.equal((await exported(server))['files:a'].content, 'mine');
  assert.equal(mine.undo().type, 'conflicts/resolveConflict');
  assert.deepEqual(mine.getState().conflicts.conflicts, [{ ...conflict, reopened: true }]);
  await mine.sync.pull();
  assert.equal(mine.getState().conflicts.conflicts.length, 1, 'a pull does not settle what somebody asked for again');
  mine.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: 'files:a', strategy: 'remote' } });
  await mine.sync.push();
  assert.equal((await exported(server))['files:a'].content, 'theirs');
  mine.undo();
  assert.equal(mine.getState().conflicts.conflicts.length, 1);
  assert.equal(contentOf(mine, 'a'), 'mine');
  mine.redo();
  assert.equal(contentOf(mine, 'a'), 'theirs');
  await mine.sync.push();
  await mine.sync.pull();
  assert.equal(mine.status().sync.pending, 0);
  assert.deepEqual(mine.getState().conflicts.conflicts, []);
});

test('names of users and sessions are checked', async () => {
  const { createCore } = await import('codeforge-core');
  for (const options of [{ user: '' }, { user: 7 }, { session: 'x'.repeat(200) }])
    await assert.rejects(createCore({ name: freshName(), storage: 'memory', ...options }), { code: 'malformed-payload' });
});
