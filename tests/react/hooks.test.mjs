// The hooks of codeforge-core/react, and react-redux on the core as its store, in React without a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { Provider, useDispatch, useSelector } from 'react-redux';
import { act, create } from 'react-test-renderer';
import { files } from 'codeforge-core';
import {
  CoreProvider, useCore, useCoreSelector, useCoreStatus, useItem, useReduxComponentTrees, useReduxFiles, useReduxSync, useUndo,
} from 'codeforge-core/react';
import { file, openCore, tree, until } from '../node/support.mjs';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

/** Renders a component that calls `hook`; `seen` has what it answered at each render. */
async function renderHook(t, core, hook, { wrapper = CoreProvider, props = { core } } = {}) {
  const seen = [];
  const Probe = () => {
    seen.push(hook());
    return null;
  };
  let root;
  await act(async () => {
    root = create(createElement(wrapper, props, createElement(Probe)));
  });
  t.after(() => act(async () => root.unmount()));
  return { seen, get last() { return seen.at(-1); } };
}

test('useReduxFiles has the documented shape and follows the state', async (t) => {
  const core = await openCore(t);
  const hook = await renderHook(t, core, useReduxFiles);
  assert.deepEqual(Object.keys(hook.last).sort(), ['activeFile', 'activeFileId', 'error', 'files', 'load', 'loading', 'remove', 'save', 'setActive']);
  await act(async () => void (await hook.last.save(file('a'))));
  await act(async () => hook.last.setActive('a'));
  assert.deepEqual(hook.last.files, [file('a')]);
  assert.equal(hook.last.activeFile, hook.last.files[0]);
  assert.equal(hook.last.save, hook.seen[0].save, 'functions keep their identity');
  await act(async () => void (await hook.last.load()));
  await act(async () => void (await hook.last.remove('a')));
  assert.deepEqual([hook.last.files, hook.last.activeFile, hook.last.activeFileId], [[], undefined, null]);
});

test('useReduxComponentTrees has the documented shape; updateNode edits one node', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  const hook = await renderHook(t, core, useReduxComponentTrees);
  assert.deepEqual(Object.keys(hook.last).sort(), ['activeTree', 'activeTreeId', 'error', 'load', 'loading', 'remove', 'save', 'setActive', 'trees', 'updateNode']);
  await act(async () => hook.last.setActive('t'));
  await act(async () => hook.last.updateNode('t', 'title', { props: { text: 'Bye' } }));
  assert.equal(hook.last.activeTree.root.children[0].children[0].props.text, 'Bye');
  assert.equal(hook.last.activeTree.root.children[1], hook.seen[0].trees[0].root.children[1]);
});

test('useReduxSync has the documented shape, and tells an unreachable server', async (t) => {
  const core = await openCore(t, { flaskApiUrl: 'http://127.0.0.1:9' });
  const hook = await renderHook(t, core, useReduxSync);
  assert.deepEqual(Object.keys(hook.last).sort(), [
    'checkConnection', 'clearFlaskData', 'error', 'flaskConnected', 'flaskStats', 'lastSyncedAt', 'reset', 'status', 'syncFromFlask', 'syncToFlask',
  ]);
  core.dispatch(files.addFile(file('a')));
  await act(async () => void (await hook.last.syncToFlask()));
  assert.equal(hook.last.status, 'error');
  assert.equal(hook.last.flaskConnected, false);
  assert.equal(typeof hook.last.error, 'string');
  await act(async () => hook.last.reset());
  assert.equal(hook.last.status, 'idle');
});

test('useUndo follows what can be undone', async (t) => {
  const core = await openCore(t);
  const hook = await renderHook(t, core, useUndo);
  assert.deepEqual(Object.keys(hook.last).sort(), ['canRedo', 'canUndo', 'redo', 'redoLabel', 'undo', 'undoLabel']);
  assert.deepEqual([hook.last.canUndo, hook.last.undoLabel], [false, null]);
  await act(async () => core.dispatch(files.addFile(file('a'))));
  assert.deepEqual([hook.last.canUndo, hook.last.undoLabel], [true, 'Add a.ts']);
  const renders = hook.seen.length;
  await act(async () => core.dispatch({ type: 'files/setActiveFile', payload: 'a' }));
  assert.equal(hook.seen.length, renders, 'what is no step renders nothing');
  await act(async () => hook.last.undo());
  assert.deepEqual([hook.last.canUndo, hook.last.canRedo, hook.last.redoLabel], [false, true, 'Add a']);
  await act(async () => hook.last.redo());
  assert.deepEqual(core.getState().files.files, [file('a')]);
  assert.equal(hook.last.undo, hook.seen[0].undo, 'functions keep their identity');
});

test('narrow subscriptions: an edit renders only who shows it', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addItems([file('a'), file('b')]));
  const a = await renderHook(t, core, () => useItem('files', 'a'));
  const b = await renderHook(t, core, () => useItem('files', 'b'));
  const nobody = await renderHook(t, core, () => useItem('files', null));
  const settings = await renderHook(t, core, () => useCoreSelector((state) => state.settings.settings.theme));
  const counts = () => [a, b, nobody, settings].map(({ seen }) => seen.length);
  assert.deepEqual(counts(), [1, 1, 1, 1]);
  await act(async () => core.dispatch(files.updateItem({ id: 'b', content: 'x' })));
  assert.deepEqual(counts(), [1, 2, 1, 1]);
  assert.equal(b.last.content, 'x');
  await act(async () => core.dispatch(files.removeItem('a')));
  assert.deepEqual(counts(), [2, 2, 1, 1]);
  assert.equal(a.last, undefined);
});

test('useCoreSelector takes inline selectors that allocate, with an equality', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  const hook = await renderHook(t, core, () => useCoreSelector((state) => state.files.files.map(({ name }) => name), (left, right) => left.join() === right.join()));
  await act(async () => core.dispatch(files.updateItem({ id: 'a', content: 'x' })));
  assert.equal(hook.seen.length, 1);
  await act(async () => core.dispatch(files.updateItem({ id: 'a', name: 'renamed' })));
  assert.deepEqual(hook.last, ['renamed']);
});

test('useCoreStatus follows the status', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  const hook = await renderHook(t, core, useCoreStatus);
  await act(async () => {
    core.dispatch(files.addFile(file('a')));
    await core.flush();
    await until(() => hook.last.save === 'saved' && hook.last.seq === core.status().seq);
  });
  assert.equal(hook.last.durableSeq, hook.last.seq);
});

test('hooks above no provider say so', () => {
  const Probe = () => useCore() && null;
  assert.throws(() => renderToString(createElement(Probe)), /CoreProvider/);
});

test('react-redux: Provider, useSelector and useDispatch work on the core itself, in StrictMode too', async (t) => {
  const core = await openCore(t);
  const wrapper = ({ store, children }) => createElement(StrictMode, null, createElement(Provider, { store }, children));
  const names = await renderHook(t, core, () => [useSelector((state) => state.files.files.length), useDispatch()], { wrapper, props: { store: core } });
  const theme = await renderHook(t, core, () => useSelector((state) => state.settings.settings), { wrapper: Provider, props: { store: core } });
  await act(async () => void (await names.last[1](files.saveFile(file('a')))));
  assert.equal(names.last[0], 1);
  assert.equal(theme.seen.length, 1);
  await act(async () => core.dispatch({ type: 'settings/updateSettings', payload: { theme: 'light' } }));
  assert.equal(theme.last.theme, 'light');
});

test('react-redux and our hooks render on a server', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addFile(file('a')));
  const Redux = () => useSelector((state) => state.files.files[0].name);
  assert.equal(renderToString(createElement(Provider, { store: core }, createElement(Redux))), 'a.ts');
  const Ours = () => useReduxFiles().files[0].name;
  assert.equal(renderToString(createElement(CoreProvider, { core }, createElement(Ours))), 'a.ts');
});
