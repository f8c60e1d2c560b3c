// Every action of the slice table works under its name, and the mirror shows what the core holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as core_ from 'codeforge-core';
import { file, openCore, tree } from './support.mjs';

const { sliceTable } = core_;

const samples = {
  project: (id) => ({ id, name: `Project ${id}`, createdAt: 1, updatedAt: 1 }),
  files: (id) => file(id),
  models: (id) => ({ id, name: 'User', fields: [{ id: 'f1', name: 'email', type: 'string', required: true }], updatedAt: 1 }),
  components: (id) => ({ id, name: 'Button', type: 'atom', code: 'export {}', updatedAt: 1 }),
  componentTrees: (id) => tree(id),
  workflows: (id) => ({ id, name: 'Flow', nodes: [{ id: 'n', type: 'start', position: { x: 1, y: 2 }, data: {} }], edges: [], updatedAt: 1 }),
  lambdas: (id) => ({ id, name: 'fn', code: '', runtime: 'nodejs20.x', handler: 'index.handler', updatedAt: 1 }),
  theme: (id) => ({
    id, name: 'Night', colors: { primary: '#111', accent: '#222' }, typography: { fontFamily: 'Inter', fontSize: { base: '16px' } }, spacing: { unit: 4, scale: [1, 2] }, updatedAt: 1,
  }),
  conflicts: (id) => ({ id, entityType: 'files', baseVersion: null, localVersion: null, remoteVersion: null, localTimestamp: 0, remoteTimestamp: 0, conflictDetectedAt: 0 }),
};

/** The core's own view of a slice, in the shape of the state. */
function held(core, slice) {
  const { items, fields } = JSON.parse(core.instances[0].readAll(slice));
  const { collection } = sliceTable[slice];
  return collection ? { [collection]: items, ...fields } : fields;
}

const byVerb = {
  put(core, slice, type, items) {
    const item = samples[slice]('new');
    assert.equal(core.dispatch({ type, payload: item }).error, undefined);
    assert.deepEqual(items(), [samples[slice]('a'), samples[slice]('b'), item]);
    core.dispatch({ type, payload: { ...item, name: 'again', more: { x: [1] } } });
    assert.deepEqual(items()[2], { ...item, name: 'again', more: { x: [1] } });
    core.dispatch({ type, payload: item });
    assert.deepEqual(items()[2], item, 'a put replaces the whole item');
  },
  replace(core, slice, type, items) {
    core.dispatch({ type, payload: { ...samples[slice]('b'), name: 'replaced' } });
    assert.equal(items()[1].name, 'replaced');
    const before = core.getState();
    core.dispatch({ type, payload: samples[slice]('absent') });
    assert.equal(core.getState(), before);
  },
  merge(core, slice, type, items) {
    const { name: _, ...rest } = samples[slice]('a');
    core.dispatch({ type, payload: { id: 'a', name: 'merged' } });
    assert.deepEqual(items()[0], { ...rest, name: 'merged' });
    const before = core.getState();
    core.dispatch({ type, payload: { id: 'absent', name: 'x' } });
    assert.equal(core.getState(), before);
  },
  remove(core, slice, type, items) {
    core.dispatch({ type, payload: 'a' });
    assert.deepEqual(items(), [samples[slice]('b')]);
    core.dispatch({ type, payload: { id: 'b' } });
    core.dispatch({ type, payload: 'absent' });
    assert.deepEqual(items(), []);
  },
  'set-all'(core, slice, type, items) {
    const wanted = [samples[slice]('c'), { ...samples[slice]('b'), name: 'other' }, samples[slice]('d')];
    core.dispatch({ type, payload: wanted });
    assert.deepEqual(items(), wanted);
    core.dispatch({ type, payload: [] });
    assert.deepEqual(items(), []);
  },
  'put-many'(core, slice, type, items) {
    core.dispatch({ type, payload: [samples[slice]('c'), { ...samples[slice]('a'), name: 'other' }] });
    assert.deepEqual(items(), [{ ...samples[slice]('a'), name: 'other' }, samples[slice]('b'), samples[slice]('c')]);
    assert.equal(core.dispatch({ type, payload: [samples[slice]('x'), samples[slice]('x')] }).error?.code, 'malformed-payload');
  },
};

for (const [slice, { collection, verbs }] of Object.entries(sliceTable)) {
  for (const [name, verb] of Object.entries(verbs)) {
    if (!collection || !byVerb[verb]) continue;
    test(`${slice}/${name} (${verb})`, async (t) => {
      const core = await openCore(t);
      core.dispatch({ type: `${slice}/setItems`, payload: [samples[slice]('a'), samples[slice]('b')] });
      byVerb[verb](core, slice, `${slice}/${name}`, () => {
        assert.deepEqual(core.getState()[slice], held(core, slice));
        return core.getState()[slice][collection];
      });
      assert.deepEqual(core.errors.filter((error) => error.code !== 'malformed-payload'), []);
    });
  }
}

/** For the actions with verbs of their own: [type, payload, expectation on the slice's state]. */
const fieldActions = [
  ['files/setActiveFile', 'a', (state) => state.activeFileId === 'a'],
  ['files/clearActiveFile', undefined, (state) => state.activeFileId === null],
  ['models/setActiveModel', 'a', (state) => state.activeModelId === 'a'],
  ['models/clearActiveModel', undefined, (state) => state.activeModelId === null],
  ['components/setActiveComponent', 'a', (state) => state.activeComponentId === 'a'],
  ['components/clearActiveComponent', undefined, (state) => state.activeComponentId === null],
  ['componentTrees/setActiveTree', 'a', (state) => state.activeTreeId === 'a'],
  ['componentTrees/clearActiveTree', undefined, (state) => state.activeTreeId === null],
  ['workflows/setActiveWorkflow', 'a', (state) => state.activeWorkflowId === 'a'],
  ['workflows/clearActiveWorkflow', undefined, (state) => state.activeWorkflowId === null],
  ['lambdas/setActiveLambda', 'a', (state) => state.activeLambdaId === 'a'],
  ['lambdas/clearActiveLambda', undefined, (state) => state.activeLambdaId === null],
  ['project/setCurrentProject', samples.project('p'), (state) => state.currentProject.id === 'p'],
  ['project/updateProjectMetadata', { name: 'Renamed' }, (state) => state.currentProject.name === 'Renamed' && state.currentProject.updatedAt > 1],
  ['project/clearCurrentProject', undefined, (state) => state.currentProject === null],
  ['project/markSynced', undefined, (state) => state.lastSyncedAt > 1],
  ['project/loadProject/fulfilled', samples.project('q'), (state) => state.currentProject.id === 'q'],
  ['project/loadProject/fulfilled', undefined, (state) => state.currentProject === null],
  ['theme/updateThemeColors', { primary: '#fff' }, (state) => state.currentTheme === null],
  ['theme/setCurrentTheme', samples.theme('n'), (state) => state.currentTheme.id === 'n'],
  ['theme/setTheme', samples.theme('m'), (state) => state.currentTheme.id === 'm'],
  ['theme/updateThemeColors', { primary: '#fff' }, (state) => state.currentTheme.colors.primary === '#fff' && state.currentTheme.colors.accent === '#222' && state.currentTheme.updatedAt > 1],
  ['theme/updateThemeTypography', { headingFamily: 'Serif' }, (state) => state.currentTheme.typography.headingFamily === 'Serif' && state.currentTheme.typography.fontFamily === 'Inter'],
  ['theme/updateThemeSpacing', { unit: 8 }, (state) => state.currentTheme.spacing.unit === 8],
  ['settings/updateSettings', { theme: 'light' }, (state) => state.settings.theme === 'light' && state.settings.autoSave === true],
  ['settings/toggleAutoSave', undefined, (state) => state.settings.autoSave === false],
  ['settings/toggleAutoSync', undefined, (state) => state.settings.autoSync === false],
  ['settings/setSyncInterval', 60000, (state) => state.settings.syncInterval === 60000],
  ['settings/setSettings', { autoSave: true, autoSync: false, syncInterval: 1, flaskApiUrl: 'http://x', useIndexedDB: true, theme: 'system' }, (state) => state.settings.theme === 'system' && state.settings.syncInterval === 1],
  ['sync/setFlaskConnected', true, (state) => state.flaskConnected === true],
  ['sync/syncToFlaskBulk/pending', undefined, (state) => state.status === 'syncing'],
  ['sync/syncToFlaskBulk/fulfilled', 5, (state) => state.status === 'success' && state.lastSyncedAt === 5],
  ['sync/syncToFlaskBulk/rejected', 'down', (state) => state.status === 'error' && state.error === 'down'],
  ['sync/resetSyncStatus', undefined, (state) => state.status === 'idle' && state.error === null],
  ['sync/syncFromFlaskBulk/pending', undefined, (state) => state.status === 'syncing'],
  ['sync/syncFromFlaskBulk/fulfilled', 6, (state) => state.status === 'success' && state.lastSyncedAt === 6],
  ['sync/syncFromFlaskBulk/rejected', 'gone', (state) => state.status === 'error' && state.error === 'gone'],
  ['sync/checkConnection/fulfilled', { totalKeys: 1, totalSizeBytes: 2 }, (state) => state.flaskConnected && state.flaskStats.totalSizeBytes === 2],
  ['sync/clearFlask/fulfilled', undefined, (state) => state.flaskStats.totalKeys === 0],
  ['sync/checkConnection/rejected', 'down', (state) => !state.flaskConnected && state.flaskStats === null],
  ['conflicts/setAutoResolveStrategy', 'merge', (state) => state.autoResolveStrategy === 'merge'],
  ['conflicts/clearConflicts', undefined, (state) => state.conflicts.length === 0],
];

test('actions on a slice\'s own fields do what they say, one after another', async (t) => {
  const core = await openCore(t);
  for (const [type, payload, holds] of fieldActions) {
    const [slice] = type.split('/');
    const { error } = core.dispatch(payload === undefined ? { type } : { type, payload });
    assert.equal(error, undefined, `${type}: ${error?.message}`);
    assert.ok(holds(core.getState()[slice]), `${type} left ${JSON.stringify(core.getState()[slice])}`);
    assert.deepEqual(core.getState()[slice], held(core, slice), type);
  }
});

test('life cycles of loads set loading and error; every other stage is accepted without effect', async (t) => {
  const core = await openCore(t);
  for (const [slice, { verbs }] of Object.entries(sliceTable)) {
    for (const [name, verb] of Object.entries(verbs)) {
      const type = `${slice}/${name}`;
      if (verb === 'status' && name.startsWith('load')) {
        core.dispatch(name.endsWith('rejected') ? { type, payload: 'broken' } : { type });
        const { loading, error } = core.getState()[slice];
        assert.deepEqual({ loading, error }, { loading: name.endsWith('pending'), error: name.endsWith('rejected') ? 'broken' : null }, type);
      } else if (verb === 'none') {
        const before = core.getState();
        assert.equal(core.dispatch({ type, payload: { any: 'thing' } }).error, undefined, type);
        assert.equal(core.getState(), before, type);
      }
    }
  }
});

test('updateTreeNode merges into every node with that id, not below a match; unknown nodes only stamp the tree', async (t) => {
  const core = await openCore(t);
  const twins = { id: 't', name: '', updatedAt: 1, root: { id: 'r', type: 'div', children: [{ id: 'x', type: 'a', children: [{ id: 'x', type: 'inner' }] }, { id: 'x', type: 'b' }] } };
  core.dispatch({ type: 'componentTrees/addTree', payload: twins });
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: 'x', updates: { props: { n: 1 } } } });
  const { root } = core.read('componentTrees', 't');
  assert.deepEqual(root.children, [{ id: 'x', type: 'a', children: [{ id: 'x', type: 'inner' }], props: { n: 1 } }, { id: 'x', type: 'b', props: { n: 1 } }]);
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: 'none', updates: {} } });
  assert.equal(core.read('componentTrees', 't').root, root);
  const before = core.getState();
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 'none', nodeId: 'x', updates: {} } });
  assert.equal(core.getState(), before);
});

test('removing the item in use clears the slice\'s active id', async (t) => {
  const core = await openCore(t);
  core.dispatch(core_.files.addFile(file('a')));
  core.dispatch(core_.files.setActiveFile('a'));
  core.dispatch({ type: 'files/deleteFile', payload: 'a' });
  assert.equal(core.getState().files.activeFileId, null);
});

test('there is a plain creator for every action that is no stage of a thunk', () => {
  for (const [slice, { verbs }] of Object.entries(sliceTable)) {
    for (const name of Object.keys(verbs)) {
      if (name.includes('/')) continue;
      const creator = core_[slice][name];
      assert.equal(typeof creator, 'function', `${slice}.${name}`);
      if (creator.typePrefix) continue;
      assert.deepEqual(creator('payload'), { type: `${slice}/${name}`, payload: 'payload' });
      assert.ok(creator.match({ type: `${slice}/${name}` }));
    }
  }
});
