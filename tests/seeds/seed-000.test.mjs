// Seed 000: Redux slices, hooks, Flask and IndexedDB, with the real Flask API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { act } from 'react-test-renderer';
import { exported, file, flaskServer, tree, until } from '../node/support.mjs';
import { db, store, syncToFlask, useReduxFiles } from 'codeforge-core/compat';
import { createAsyncThunk } from 'codeforge-core/compat/store';
import { saveFile } from 'codeforge-core/compat/store/slices/filesSlice';
import { addTree } from 'codeforge-core/compat/store/slices/componentTreesSlice';
import { setCurrentTheme } from 'codeforge-core/compat/store/slices/themeSlice';
import { mount, openStore, seed } from './support.mjs';

const { run, render, module, names } = seed('000');
const dispatch = (action) => store.dispatch(action);
const manual = { autoSync: { enabled: false } };
const theme = { id: 'th', name: 'T', colors: { primary: 'a', muted: 'm' }, typography: {}, spacing: {}, updatedAt: 1 };

test('project slice: a project is created, listed and current', async (t) => {
  await openStore(t);
  const hook = await render(t, 'project-slice', { gives: ['projects'] });
  await until(() => store.getState().project.projects.length === 1 && !store.getState().project.loading, 'the project is there');
  const [project] = store.getState().project.projects;
  assert.deepEqual([project.name, project.description, project.createdAt === project.updatedAt], ['My Project', 'Description', true]);
  assert.equal(store.getState().project.currentProject.id, project.id);
  await act(async () => {});
  assert.deepEqual(hook.last.projects, [project]);
});

test('files slice: a saved file is in the state and on the device', async (t) => {
  await openStore(t);
  const hook = await render(t, 'files-slice', { gives: ['files', 'save', 'remove', 'setActive'] });
  await until(() => store.read('files', 'file-1'), 'the file is there');
  await act(async () => {});
  assert.equal(hook.last.files[0].content, 'export default function() {}');
  assert.equal((await db.get('files', 'file-1')).path, '/src/components');
});

test('component trees slice: one node is updated', async (t) => {
  await openStore(t);
  dispatch(addTree(tree('tree-1', { root: { id: 'root', type: 'div', children: [{ id: 'node-1', type: 'p' }] } })));
  await render(t, 'component-trees-slice', { gives: ['trees', 'updateNode', 'setActive'] });
  assert.deepEqual(store.read('componentTrees', 'tree-1').root.children[0], { id: 'node-1', type: 'p', props: { className: 'updated-class' } });
});

test('models, components and theme slices', async (t) => {
  await openStore(t);
  dispatch(setCurrentTheme(theme));
  for (const name of ['models-slice', 'components-slice', 'theme-slice']) await run(name, { given: { dispatch } });
  assert.equal(store.read('models', 'model-1').fields.length, 2);
  assert.equal(store.read('components', 'comp-1').type, 'atom');
  assert.deepEqual(store.getState().theme.currentTheme.colors, { primary: 'oklch(0.58 0.24 265)', muted: 'm', accent: 'oklch(0.75 0.20 145)' });
});

test('settings slice: auto-sync and its interval, in force at once', async (t) => {
  await openStore(t);
  assert.equal(store.getState().settings.settings.autoSync, true);
  await run('settings-slice', { given: { dispatch } });
  assert.deepEqual([store.getState().settings.settings.autoSync, store.getState().settings.settings.syncInterval], [false, 60_000]);
  await run('auto-sync', { given: { dispatch } });
  const { enabled, intervalMs } = store.status().sync.autoSync;
  assert.deepEqual([enabled, intervalMs], [true, 30_000]);
});

test('sync slice: push and pull', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  dispatch({ type: 'files/addFile', payload: file('a') });
  await render(t, 'sync-slice', { gives: ['status', 'flaskConnected'] });
  await until(() => store.getState().sync.status === 'success' && store.status().sync.pending === 0, 'the sync is done');
  assert.deepEqual(Object.keys(await exported(server)), ['files:a']);
  assert.equal(store.getState().sync.flaskConnected, true);
});

test('the three hooks have the documented members', async (t) => {
  await openStore(t);
  const { useReduxComponentTrees, useReduxSync } = await import('codeforge-core/compat');
  const shapes = {
    'use-redux-files': [{ useReduxFiles }, ['files', 'activeFile', 'activeFileId', 'loading', 'error', 'load', 'save', 'remove', 'setActive']],
    'use-redux-component-trees': [{ useReduxComponentTrees }, ['trees', 'activeTree', 'activeTreeId', 'loading', 'error', 'load', 'save', 'remove', 'setActive', 'updateNode']],
    'use-redux-sync': [{ useReduxSync }, ['status', 'lastSyncedAt', 'flaskConnected', 'flaskStats', 'error', 'syncToFlask', 'syncFromFlask', 'checkConnection', 'clearFlaskData', 'reset']],
  };
  const mayBeAbsent = new Set(['activeFile', 'activeTree']);
  for (const [name, [given, gives]] of Object.entries(shapes)) {
    const { last } = await render(t, name, { given, gives });
    for (const member of gives) if (!mayBeAbsent.has(member)) assert.notEqual(last[member], undefined, `${name}: ${member}`);
  }
});

test('single items go to the server, come back and are deleted', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  const { data } = await run('individual-sync', { given: { fileData: file('file-1') }, gives: ['data'] });
  assert.deepEqual(data, file('file-1'));
  assert.deepEqual(await exported(server), {});
});

test('bulk operations', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  const modelData = { id: 'model-1', name: 'M', fields: [], updatedAt: 1 };
  const { allData, stats } = await run('bulk-operations', { given: { fileData: file('file-1'), modelData }, gives: ['allData', 'stats'] });
  assert.deepEqual(allData, { 'files:file-1': file('file-1'), 'models:model-1': modelData });
  assert.deepEqual([Object.keys(stats).sort(), stats.total_keys], [['database_path', 'total_keys', 'total_size_bytes'], 2]);
  assert.deepEqual(await exported(server), {});
});

test('direct database access', async (t) => {
  await openStore(t);
  await db.put('files', file('file-1', { path: '/src/components' }));
  const result = await run('db', { given: { fileData: file('file-2') }, gives: ['file', 'files', 'results', 'count'] });
  assert.deepEqual(result, { file: file('file-1', { path: '/src/components' }), files: [file('file-1', { path: '/src/components' })], results: [], count: 0 });
});

test('typed hooks, hooks for common operations, and the verbose way', async (t) => {
  await openStore(t);
  const { useAppDispatch, useAppSelector } = await import('codeforge-core/compat');
  await run('typed-hooks');
  const short = await render(t, 'hooks-for-common-operations', { given: { useReduxFiles }, gives: ['files', 'save'] });
  assert.equal(typeof short.last.save, 'function');
  await render(t, 'verbose', { given: { useAppDispatch, useAppSelector, saveFile, fileData: file('v') }, gives: ['files'] });
  await until(() => store.read('files', 'v'), 'the file is saved');
});

test('loading and error states are shown', async (t) => {
  await openStore(t);
  dispatch(saveFile(file('a')));
  const { List } = await module('loading-and-error', {
    before: `import { useReduxFiles } from 'codeforge-core/compat';\nconst LoadingSpinner = () => 'loading';\nconst ErrorMessage = ({ error }) => error;
      const FileList = ({ files }) => files.map(({ name }) => name).join();\nexport function List() {`,
    more: '}',
  });
  const root = await mount(t, createElement(List));
  assert.equal(root.toJSON(), 'a.ts');
});

test('a thunk of one\'s own with side effects', async (t) => {
  const server = await flaskServer(t);
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  Object.assign(globalThis, { createAsyncThunk, db, syncToFlask });
  t.after(() => { for (const name of ['createAsyncThunk', 'db', 'syncToFlask']) delete globalThis[name]; });
  const own = await module('async-thunk');
  const saved = await dispatch(own.saveFile(file('mine'))).unwrap();
  assert.deepEqual(saved, file('mine'));
  assert.deepEqual(store.read('files', 'mine'), file('mine'));
  assert.deepEqual(await exported(server), { 'files:mine': file('mine') });
  await store.sync.push();
  assert.equal(server.count('PUT'), 1, 'the engine sees that the server has it');
});

test('the demo component stands below the Provider of react-redux', async (t) => {
  await openStore(t);
  dispatch(saveFile(file('a')));
  const { App } = await module('demo-component', { more: 'export { App };' });
  const root = await mount(t, createElement(App));
  assert.ok(root.root.findAllByType('button').length > 0);
  assert.match(JSON.stringify(root.toJSON()), /a\.ts/);
});

test('every snippet of the document is run by a test of this file', async () => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(new URL(import.meta.url), 'utf8');
  assert.deepEqual(names().filter((name) => !text.includes(`'${name}'`)), []);
});
