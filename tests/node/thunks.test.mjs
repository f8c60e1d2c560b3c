// Thunks: life cycles, optimistic state, durability, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThunk, files, lambdas, models, project, sync, thunks } from 'codeforge-core';
import { file, freshName, openCore } from './support.mjs';

test('a save shows at once and resolves when it is durable', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  const promise = core.dispatch(files.saveFile(file('a')));
  assert.deepEqual(core.getState().files.files, [file('a')]);
  const action = await promise;
  const { durableSeq, seq, save } = core.status();
  assert.equal(durableSeq, seq);
  assert.equal(save, 'saved');
  assert.equal(action.type, 'files/saveFile/fulfilled');
  assert.deepEqual(action.payload, file('a'));
  assert.deepEqual(action.meta, { arg: file('a'), requestId: promise.requestId, requestStatus: 'fulfilled' });
  assert.ok(files.saveFile.fulfilled.match(action));
  assert.deepEqual(await promise.unwrap(), file('a'));
});

test('a refused save is rejected with the reason, and unwrap() throws it', async (t) => {
  const core = await openCore(t);
  const promise = core.dispatch(files.saveFile({ ...file('a'), content: NaN }));
  const action = await promise;
  assert.equal(action.type, 'files/saveFile/rejected');
  assert.equal(action.error.code, 'malformed-payload');
  assert.match(action.payload, /payload\.content is NaN/);
  await assert.rejects(promise.unwrap(), { name: 'CoreError', code: 'malformed-payload' });
  assert.deepEqual(core.getState().files.files, []);
});

test('loads give what the store holds and move loading and error', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  const states = [];
  core.subscribe(() => states.push(core.getState().files.loading));
  const items = await core.dispatch(files.loadFiles()).unwrap();
  assert.equal(items, core.getState().files.files);
  assert.deepEqual(states, [true, false]);
  assert.equal(core.getState().files.error, null);
});

test('delete removes, and clears the active item', async (t) => {
  const core = await openCore(t);
  core.dispatch(models.addModel({ id: 'm', name: '', fields: [], updatedAt: 1 }));
  core.dispatch(models.setActiveModel('m'));
  assert.equal(await core.dispatch(models.deleteModel('m')).unwrap(), 'm');
  assert.deepEqual(core.getState().models, { models: [], activeModelId: null, loading: false, error: null });
});

test('projects: create makes it current, save keeps the copy right, load finds it, delete clears it', async (t) => {
  const core = await openCore(t);
  const [one, two] = await Promise.all([
    core.dispatch(project.createProject({ name: 'One', description: 'first' })).unwrap(), core.dispatch(project.createProject({ name: 'Two' })).unwrap(),
  ]);
  assert.notEqual(one.id, two.id);
  assert.match(one.id, /^project-\d+/);
  assert.deepEqual(core.getState().project.projects, [one, two]);
  assert.deepEqual(core.getState().project.currentProject, two);
  await core.dispatch(project.saveProject({ ...two, name: 'Second' }));
  assert.equal(core.getState().project.currentProject.name, 'Second');
  await core.dispatch(project.loadProject(one.id));
  assert.deepEqual(core.getState().project.currentProject, one);
  assert.equal(await core.dispatch(project.loadProject('none')).unwrap(), undefined);
  assert.equal(core.getState().project.currentProject, null);
  await core.dispatch(project.loadProject(one.id));
  await core.dispatch(project.deleteProject(one.id));
  assert.equal(core.getState().project.currentProject, null);
  assert.equal((await core.dispatch(project.createProject({ name: '' }))).error.code, 'malformed-payload');
});

test('thunks of the server without a server are rejected, and the sync slice says why', async (t) => {
  const core = await openCore(t);
  const action = await core.dispatch(sync.syncToFlaskBulk());
  assert.equal(action.error.code, 'no-server');
  assert.equal(core.getState().sync.status, 'error');
  assert.equal(core.getState().sync.error, action.payload);
  core.dispatch(sync.resetSyncStatus());
  assert.equal(core.getState().sync.status, 'idle');
  assert.ok((await core.dispatch(sync.checkConnection())).error);
  assert.equal(core.getState().sync.flaskConnected, false);
});

test('every thunk has its three types, and they are in the slice table', async () => {
  const { sliceTable } = await import('codeforge-core');
  for (const [slice, creators] of Object.entries(thunks)) {
    for (const [name, creator] of Object.entries(creators)) {
      assert.equal(creator.typePrefix, `${slice}/${name}`);
      for (const stage of ['pending', 'fulfilled', 'rejected']) assert.ok(sliceTable[slice].verbs[`${name}/${stage}`], `${slice}/${name}/${stage}`);
    }
  }
});

test('applications make thunks of their own', async (t) => {
  const core = await openCore(t);
  const touch = createThunk('lambdas/saveLambda', async (id, { core: own, fulfil }) => {
    const lambda = { id, name: id, code: '', runtime: '', handler: '', updatedAt: 1 };
    fulfil(lambda);
    await own.flush();
    return lambda;
  });
  await core.dispatch(touch('x'));
  assert.equal(core.getState().lambdas.lambdas[0].id, 'x');
  core.dispatch(lambdas.deleteLambda('x'));
});

test('a thunk of a name that no slice has runs, and the store hears nothing of it', async (t) => {
  const core = await openCore(t);
  const states = [];
  core.subscribe(() => states.push(core.getState()));
  for (const name of ['files/count', 'elsewhere/count', 'constructor/count', 'count']) {
    const count = createThunk(name, async (more, { getState, fulfil }) => {
      fulfil(0);
      return getState().files.files.length + more;
    });
    const action = await core.dispatch(count(2));
    assert.deepEqual([action.type, action.payload, action.error], [`${name}/fulfilled`, 2, undefined]);
    const failing = core.dispatch(createThunk(name, async () => { throw new Error('no'); })());
    assert.equal((await failing).type, `${name}/rejected`);
    await assert.rejects(failing.unwrap(), /^Error: no$/);
  }
  assert.deepEqual([states, core.errors], [[], []]);
});

test('row 13: trees, lambdas and themes are kept like all others', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  core.dispatch({ type: 'lambdas/addLambda', payload: { id: 'l', name: '', code: '', runtime: '', handler: '', updatedAt: 1 } });
  core.dispatch({ type: 'theme/addTheme', payload: { id: 't', name: '', colors: {}, typography: {}, spacing: {}, updatedAt: 1 } });
  core.dispatch({ type: 'componentTrees/addTree', payload: { id: 'c', name: '', root: { id: 'r', type: 'div' }, updatedAt: 1 } });
  core.dispatch({ type: 'settings/updateSettings', payload: { theme: 'light' } });
  const state = JSON.stringify(core.getState());
  await core.close();
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.equal(JSON.stringify(again.getState()), state);
  assert.equal(again.getState().settings.settings.syncInterval, 30000);
});
