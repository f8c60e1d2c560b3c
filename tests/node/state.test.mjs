// The state as applications read it: shapes, identity, Redux behaviour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCore, files, sliceTable } from 'codeforge-core';
import { file, openCore, tree } from './support.mjs';

test('a new core has the initial state of all eleven slices', async (t) => {
  const core = await openCore(t);
  const state = core.getState();
  assert.deepEqual(Object.keys(state), ['project', 'files', 'models', 'components', 'componentTrees', 'workflows', 'lambdas', 'theme', 'settings', 'sync', 'conflicts']);
  for (const [slice, { collection, fields }] of Object.entries(sliceTable))
    assert.deepEqual(state[slice], { ...(collection ? { [collection]: [] } : {}), ...fields }, slice);
  assert.deepEqual(state.settings.settings, {
    autoSave: true, autoSync: true, syncInterval: 30000, flaskApiUrl: 'http://localhost:5001', useIndexedDB: true, theme: 'dark',
  });
});

test('same revision, same reference; what an edit does not touch keeps its identity', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addItems([file('a'), file('b'), file('c')]));
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  const before = core.getState();
  before.models;
  assert.equal(core.getState(), before);
  core.dispatch({ type: 'files/updateItem', payload: { id: 'b', content: 'new' } });
  const after = core.getState();
  assert.notEqual(after, before);
  assert.equal(after.models, before.models);
  assert.equal(after.componentTrees, before.componentTrees);
  assert.equal(after.files.files[0], before.files.files[0]);
  assert.equal(after.files.files[2], before.files.files[2]);
  assert.equal(before.files.files[1].content, file('b').content);
  assert.deepEqual(after.files.files[1], file('b', { content: 'new' }));
  assert.equal(core.read('files', 'b'), after.files.files[1]);
});

test('a tree node edit makes new objects on its path only', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  const before = core.read('componentTrees', 't');
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: 'title', updates: { props: { text: 'Bye' } } } });
  const after = core.read('componentTrees', 't');
  assert.equal(after.root.children[0].children[0].props.text, 'Bye');
  assert.notEqual(after.root.children[0], before.root.children[0]);
  assert.equal(after.root.children[1], before.root.children[1]);
  assert.equal(after.root.props, before.root.props);
  assert.ok(after.updatedAt > before.updatedAt);
});

test('a state that was handed out shows what it showed, also of slices first read later', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  const before = core.getState();
  core.dispatch(files.addFile(file('b')));
  core.dispatch({ type: 'lambdas/addItem', payload: { id: 'l', name: '', code: '', runtime: '', handler: '', updatedAt: 1 } });
  assert.deepEqual(before.files.files, [file('a')]);
  assert.deepEqual(before.lambdas.lambdas, []);
  assert.equal(core.getState().lambdas.lambdas.length, 1);
});

test('everything that is handed out is frozen, and the payload too once it is accepted', async (t) => {
  const core = await openCore(t);
  const payload = tree('t');
  core.dispatch({ type: 'componentTrees/addTree', payload });
  const walk = (value) => {
    if (typeof value !== 'object' || value === null) return;
    assert.ok(Object.isFrozen(value));
    Object.values(value).forEach(walk);
  };
  walk(core.getState());
  walk(core.status());
  walk(payload);
});

test('listeners are told after the whole batch, may unsubscribe while told, and may dispatch', async (t) => {
  const core = await openCore(t);
  core.getState().files;
  const seen = [];
  const stop = core.subscribe(() => {
    seen.push(core.getState().files.files.length);
    stop();
  });
  core.subscribe(() => {
    if (core.getState().files.files.length === 3) core.dispatch(files.addFile(file('d')));
    seen.push(core.getState().files.files.length);
  });
  core.dispatch(files.setFiles([file('a'), file('b'), file('c')]));
  assert.deepEqual(seen, [3, 4, 4]);
});

test('a listener that throws does not keep the others from hearing', async (t) => {
  const core = await openCore(t);
  let told = 0;
  core.subscribe(() => { throw new Error('mine'); });
  core.subscribe(() => told++);
  assert.throws(() => core.dispatch(files.addFile(file('a'))), /mine/);
  assert.equal(told, 1);
  assert.deepEqual(core.getState().files.files, [file('a')]);
});

test('the store has the shape of a Redux store', async (t) => {
  const core = await openCore(t);
  const action = files.addFile(file('a'));
  assert.equal(core.dispatch(action), action);
  assert.equal(core.dispatch((dispatch, getState, self) => [dispatch === core.dispatch, getState() === core.getState(), self === core].join()), 'true,true,true');
  assert.throws(() => core.replaceReducer(), { code: 'unsupported' });
  const states = [];
  const subscription = core[Symbol.observable ?? '@@observable']().subscribe({ next: (state) => states.push(state.files.files.length) });
  core.dispatch(files.addFile(file('b')));
  subscription.unsubscribe();
  core.dispatch(files.addFile(file('c')));
  assert.deepEqual(states, [1, 2]);
});

test('refused actions change nothing, come back with an error, and go to onError', async (t) => {
  const core = await openCore(t);
  const before = core.getState();
  const refused = core.dispatch({ type: 'files/nope', payload: 1 });
  assert.equal(refused.type, 'files/nope');
  assert.equal(refused.error.code, 'unknown-action');
  assert.match(refused.error.message, /files\/nope/);
  assert.equal(core.dispatch({ type: 'nothing/addItem' }).error.code, 'unknown-slice');
  assert.equal(core.getState(), before);
  assert.deepEqual(core.errors.map((error) => error.code), ['unknown-action', 'unknown-slice']);
});

test('createCore refuses options that cannot work, and names them', async () => {
  await assert.rejects(createCore(), { code: 'malformed-payload', message: /options/ });
  await assert.rejects(createCore({ name: '' }), { message: /name/ });
  await assert.rejects(createCore({ name: 'x', storage: 'disk' }), { message: /storage is "disk"/ });
  await assert.rejects(createCore({ name: 'x', flaskApiUrl: 'localhost:5001' }), { message: /flaskApiUrl/ });
  const { indexedDB } = globalThis;
  delete globalThis.indexedDB;
  try {
    await assert.rejects(createCore({ name: 'x', storage: 'indexeddb', strictStorage: true }), { code: 'unavailable', message: /fake-indexeddb/ });
  } finally {
    globalThis.indexedDB = indexedDB;
  }
});

test('before ready actions wait in order; after close everything is refused with closed', async (t) => {
  const core = await openCore(t, { waitForReady: false });
  assert.deepEqual(core.getState().files.files, []);
  core.dispatch(files.addFile(file('a')));
  core.dispatch(files.updateFile(file('a', { content: '2' })));
  assert.equal(core.status().runtime.queued, 2);
  await core.ready;
  assert.deepEqual(core.getState().files.files, [file('a', { content: '2' })]);
  await core.close();
  assert.equal(core.dispatch(files.addFile(file('b'))).error.code, 'closed');
  await assert.rejects(core.flush(), { code: 'closed' });
  assert.equal(core.status().phase, 'closed');
  assert.deepEqual(core.getState().files.files, [file('a', { content: '2' })]);
});
