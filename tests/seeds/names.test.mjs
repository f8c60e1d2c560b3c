// Every name of every slice does what it says, on the application's store: in the state, on the device, and on the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { act } from 'react-test-renderer';
import { exported, file, flaskServer, freshName, tree, until } from '../node/support.mjs';
import * as names from 'codeforge-core/compat';
import { mount, openStore } from './support.mjs';

const { store, setUp } = names;
const manual = { autoSync: { enabled: false } };
const dispatch = (action) => {
  const answer = store.dispatch(action);
  assert.equal(answer.error, undefined);
  return answer;
};
const theme = (id) => ({ id, name: id, colors: { primary: 'a', muted: 'm' }, typography: { size: 1 }, spacing: { small: 2 }, updatedAt: 1 });
const kinds = [
  ['files', 'files', 'activeFileId', 'File', 'Files', file],
  ['models', 'models', 'activeModelId', 'Model', 'Models', (id) => ({ id, name: id, fields: [], updatedAt: 1 })],
  ['components', 'components', 'activeComponentId', 'Component', 'Components', (id) => ({ id, name: id, type: 'atom', code: '', updatedAt: 1 })],
  ['componentTrees', 'trees', 'activeTreeId', 'Tree', 'Trees', tree],
  ['workflows', 'workflows', 'activeWorkflowId', 'Workflow', 'Workflows', (id) => ({ id, name: id, nodes: [], edges: [], updatedAt: 1 })],
  ['lambdas', 'lambdas', 'activeLambdaId', 'Lambda', 'Lambdas', (id) => ({ id, name: id, code: '', runtime: 'nodejs', handler: 'h', updatedAt: 1 })],
];

/** What the next page of the same store has in a slice. */
async function nextPage(name, slice) {
  await store.close();
  setUp({ name, flaskApiUrl: null });
  await store.ready;
  return store.getState()[slice];
}

for (const [slice, collection, active, one, many, make] of kinds) {
  test(`${slice}: add, update, save, load, delete, set, setActive, clearActive`, async (t) => {
    const server = await flaskServer(t);
    const name = freshName();
    await openStore(t, { name, flaskApiUrl: server.url, ...manual });
    const state = () => store.getState()[slice];
    const ids = () => state()[collection].map(({ id }) => id);
    const call = (prefix, ...args) => dispatch(names[`${prefix}${prefix === 'load' || prefix === 'set' ? many : one}`](...args));
    const onServer = async () => {
      await store.sync.push();
      return Object.values(await exported(server)).sort((left, right) => (left.id < right.id ? -1 : 1));
    };

    call('add', make('a'));
    call('add', make('b'));
    call('update', { ...make('b'), name: 'updated' });
    call('update', make('absent'));
    assert.deepEqual(state()[collection], [make('a'), { ...make('b'), name: 'updated' }], 'update replaces, and makes nothing');
    assert.deepEqual(await onServer(), state()[collection]);

    const saved = await call('save', make('c')).unwrap();
    assert.deepEqual(saved, make('c'));
    assert.equal(store.status().durableSeq, store.status().seq, 'a save resolves when it is durable');
    const loading = call('load');
    assert.equal(state().loading, true);
    assert.deepEqual((await loading.unwrap()).map(({ id }) => id), ['a', 'b', 'c']);
    assert.deepEqual([state().loading, state().error], [false, null]);

    call('setActive', 'b');
    assert.equal(state()[active], 'b');
    assert.equal(await call('delete', 'b').unwrap(), 'b');
    assert.deepEqual([ids(), state()[active]], [['a', 'c'], null], 'what is active goes with its item');
    call('setActive', 'a');
    call('clearActive');
    assert.equal(state()[active], null);
    call('set', [make('c'), make('d')]);
    call('setActive', 'd');
    assert.deepEqual(ids(), ['c', 'd']);
    assert.deepEqual(await onServer(), [make('c'), make('d')]);
    const kept = await nextPage(name, slice);
    assert.deepEqual([kept[collection], kept[active]], [[make('c'), make('d')], 'd']);
  });
}

test('componentTrees: updateTreeNode edits one node, on the server too', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  dispatch(names.addTree(tree('t')));
  await store.sync.push();
  dispatch(names.updateTreeNode({ treeId: 't', nodeId: 'title', updates: { props: { text: 'Bye' } } }));
  await store.sync.push();
  const { 'componentTrees:t': there } = await exported(server);
  assert.deepEqual([there.root.children[0].children[0].props, there.root.children[1]], [{ text: 'Bye' }, tree('t').root.children[1]]);
});

test('project: create, save, load, current, metadata, markSynced, delete', async (t) => {
  const name = freshName();
  await openStore(t, { name });
  const state = () => store.getState().project;
  const shop = await dispatch(names.createProject({ name: 'Shop' })).unwrap();
  assert.deepEqual([state().projects, state().currentProject], [[shop], shop]);
  dispatch(names.updateProjectMetadata({ description: 'Ours' }));
  assert.equal(state().currentProject.description, 'Ours');
  dispatch(names.clearCurrentProject());
  assert.equal(state().currentProject, null);
  await dispatch(names.saveProject({ ...shop, name: 'Store' })).unwrap();
  assert.equal((await dispatch(names.loadProject(shop.id)).unwrap()).name, 'Store');
  assert.equal(state().currentProject.name, 'Store');
  assert.equal(state().lastSyncedAt, null);
  dispatch(names.markSynced());
  assert.ok(state().lastSyncedAt > 0);
  dispatch(names.setCurrentProject({ ...shop, name: 'Other' }));
  assert.equal(state().currentProject.name, 'Other');
  assert.deepEqual((await dispatch(names.loadProjects()).unwrap()).map(({ id }) => id), [shop.id]);
  const kept = await nextPage(name, 'project');
  assert.deepEqual([kept.currentProject.name, kept.projects.length], ['Other', 1]);
  await dispatch(names.deleteProject(shop.id)).unwrap();
  assert.deepEqual([state().projects, state().currentProject], [[], null]);
});

test('theme: add, delete, set, current, colors, typography, spacing', async (t) => {
  const server = await flaskServer(t);
  const name = freshName();
  await openStore(t, { name, flaskApiUrl: server.url, ...manual });
  const state = () => store.getState().theme;
  dispatch(names.addTheme(theme('a')));
  dispatch(names.addTheme(theme('b')));
  dispatch(names.deleteTheme('a'));
  assert.deepEqual(state().themes, [theme('b')]);
  dispatch(names.setThemes([theme('c')]));
  for (const set of [names.setTheme, names.setCurrentTheme]) {
    dispatch(set(theme('other')));
    dispatch(set(theme('c')));
    assert.deepEqual(state().currentTheme, theme('c'));
  }
  dispatch(names.updateThemeColors({ primary: 'b' }));
  dispatch(names.updateThemeTypography({ weight: 3 }));
  dispatch(names.updateThemeSpacing({ small: 4 }));
  const { colors, typography, spacing } = state().currentTheme;
  assert.deepEqual([colors, typography, spacing], [{ primary: 'b', muted: 'm' }, { size: 1, weight: 3 }, { small: 4 }]);
  await store.sync.push();
  const there = await exported(server);
  assert.deepEqual([there['theme:c'], there['theme:current'].colors], [theme('c'), { primary: 'b', muted: 'm' }]);
  assert.deepEqual((await nextPage(name, 'theme')).currentTheme.spacing, { small: 4 });
});

test('settings: update, set, interval and the two switches', async (t) => {
  const name = freshName();
  await openStore(t, { name });
  const settings = () => store.getState().settings.settings;
  const defaults = settings();
  dispatch(names.updateSettings({ theme: 'light' }));
  dispatch(names.setSyncInterval(5000));
  dispatch(names.toggleAutoSave());
  dispatch(names.toggleAutoSync());
  assert.deepEqual(settings(), { ...defaults, theme: 'light', syncInterval: 5000, autoSave: false, autoSync: false });
  assert.deepEqual((await nextPage(name, 'settings')).settings, settings());
  dispatch(names.setSettings(defaults));
  assert.deepEqual(settings(), defaults);
});

test('sync: push, pull, check, clear, reset, and what is shown of the connection', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  const state = () => store.getState().sync;
  dispatch(names.addFile(file('a')));
  const pushing = dispatch(names.syncToFlaskBulk());
  assert.equal(state().status, 'syncing');
  const at = await pushing.unwrap();
  assert.deepEqual([state().status, state().lastSyncedAt, Object.keys(await exported(server))], ['success', at, ['files:a']]);
  await fetch(`${server.url}/api/storage/${encodeURIComponent('files:b')}`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value: file('b') }),
  });
  await dispatch(names.syncFromFlaskBulk()).unwrap();
  assert.deepEqual(store.read('files', 'b'), file('b'));
  assert.equal((await dispatch(names.checkFlaskConnection()).unwrap()).totalKeys, 2);
  assert.deepEqual([state().flaskConnected, state().flaskStats.totalKeys], [true, 2]);
  dispatch(names.setFlaskConnected(false));
  assert.equal(state().flaskConnected, false);
  await dispatch(names.clearFlask()).unwrap();
  assert.deepEqual([await exported(server), state().flaskStats], [{}, { totalKeys: 0, totalSizeBytes: 0 }]);
  assert.equal(store.getState().files.files.length, 2, 'what is here stays');
  dispatch(names.resetSyncStatus());
  assert.deepEqual([state().status, state().error], ['idle', null]);
  await server.stop();
  const failed = await store.dispatch(names.syncToFlaskBulk());
  assert.deepEqual([failed.type, state().status, state().error], ['sync/syncToFlaskBulk/rejected', 'error', failed.payload]);
  await assert.rejects(store.dispatch(names.checkFlaskConnection()).unwrap(), { name: 'CoreError' });
});

test('useReduxSync asks once, when it is mounted, whether the server answers', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  let hook;
  await mount(t, createElement(() => void (hook = names.useReduxSync()) ?? null));
  await until(async () => (await act(async () => {}), hook.flaskConnected && hook.flaskStats !== null), 'it is connected');
  assert.equal(server.requests.filter(({ path }) => path === '/api/storage/stats').length, 1);
});

test('conflicts: detect, resolve one, resolve all, remove, clear, and resolve by themselves', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  const list = () => store.getState().conflicts.conflicts.map(({ id }) => id).sort();
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  dispatch(names.setFiles(ids.map((id) => file(id))));
  await store.sync.push();
  const diverge = async (...which) => {
    for (const id of which) {
      await fetch(`${server.url}/api/storage/${encodeURIComponent(`files:${id}`)}`, {
        method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value: file(id, { content: 'theirs', path: '/theirs' }) }),
      });
      dispatch({ type: 'files/updateItem', payload: { id, content: 'ours', name: 'ours' } });
    }
  };
  await diverge('a', 'b', 'c', 'd');
  const found = await dispatch(names.detectConflicts()).unwrap();
  assert.deepEqual([found.map(({ id }) => id).sort(), list()], [['files:a', 'files:b', 'files:c', 'files:d'], ['files:a', 'files:b', 'files:c', 'files:d']]);
  const one = found.find(({ id }) => id === 'files:a');
  assert.deepEqual([one.localVersion.content, one.remoteVersion.content, one.baseVersion.content], ['ours', 'theirs', file('a').content]);
  await dispatch(names.resolveConflict({ conflictId: 'files:a', strategy: 'remote' })).unwrap();
  assert.deepEqual([store.read('files', 'a').content, list().length], ['theirs', 3]);
  dispatch(names.removeConflict('files:b'));
  assert.deepEqual([list(), store.read('files', 'b').content], [['files:c', 'files:d'], 'ours']);
  await dispatch(names.resolveAllConflicts('merge')).unwrap();
  assert.deepEqual([list(), store.read('files', 'c').name, store.read('files', 'c').path], [[], 'ours', '/theirs']);
  await dispatch(names.detectConflicts()).unwrap();
  assert.deepEqual(list(), ['files:b'], 'one that was only taken from the list is found again');
  dispatch(names.clearConflicts());
  assert.deepEqual(list(), []);
  dispatch(names.setAutoResolveStrategy('local'));
  await diverge('e', 'f');
  await dispatch(names.detectConflicts()).unwrap();
  assert.deepEqual(list(), []);
  await store.sync.push();
  const there = await exported(server);
  assert.deepEqual(['a', 'b', 'c', 'e', 'f'].map((id) => there[`files:${id}`].content), ['theirs', 'ours', 'ours', 'ours', 'ours']);
});
