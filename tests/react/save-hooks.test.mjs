// useDebouncedSave, useLastSaved, useSaveIndicator and useIndexedDBCollection, with the clock in the test's hand where it matters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement, StrictMode } from 'react';
import { act, create } from 'react-test-renderer';
import { files, models } from 'codeforge-core';
import {
  CoreProvider, useCoreReady, useDebouncedSave, useIndexedDB, useIndexedDBCollection, useLastSaved, useSaveIndicator,
} from 'codeforge-core/react';
import { file, freshName, openCore, until } from '../node/support.mjs';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

/** Renders a component that calls `hook(props)`; `set(props)` renders it again, `seen` has what it answered. */
async function mounted(t, hook, props, { core, strict = false } = {}) {
  const seen = [];
  const Probe = (own) => void seen.push(hook(own)) ?? null;
  const tree = (own) => {
    const probe = core ? createElement(CoreProvider, { core }, createElement(Probe, own)) : createElement(Probe, own);
    return strict ? createElement(StrictMode, null, probe) : probe;
  };
  let root;
  await act(async () => void (root = create(tree(props))));
  const unmount = () => act(async () => root.unmount());
  t.after(unmount);
  return { seen, unmount, set: (own) => act(async () => root.update(tree(own))), get last() { return seen.at(-1); } };
}

const clock = (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  return (ms) => act(async () => t.mock.timers.tick(ms));
};

test('useDebouncedSave saves the newest value once it rests, and not the one that was loaded', async (t) => {
  const pass = clock(t);
  const saved = [];
  const hook = await mounted(t, ({ value }) => useDebouncedSave(value, (newest) => saved.push(newest), 500), { value: 'loaded' }, { strict: true });
  await pass(10_000);
  assert.deepEqual(saved, []);
  for (const value of ['a', 'ab', 'abc']) {
    await hook.set({ value });
    await pass(499);
  }
  assert.deepEqual(saved, []);
  await pass(1);
  assert.deepEqual(saved, ['abc']);
  await hook.set({ value: 'abc' });
  await pass(10_000);
  assert.deepEqual(saved, ['abc'], 'the same value again is no edit');
});

test('useDebouncedSave saves what still waits when the component goes, with the newest function, and nothing twice', async (t) => {
  const pass = clock(t);
  const saved = [];
  const hook = await mounted(t, ({ value, to }) => useDebouncedSave(value, (newest) => saved.push(`${to}:${newest}`)), { value: 1, to: 'first' });
  await hook.set({ value: 2, to: 'first' });
  await hook.set({ value: 2, to: 'second' });
  await hook.unmount();
  assert.deepEqual(saved, ['second:2']);
  await pass(10_000);
  assert.deepEqual(saved, ['second:2']);
});

test('useDebouncedSave saves nothing when an edit is taken back before it rests', async (t) => {
  const pass = clock(t);
  const saved = [];
  const hook = await mounted(t, ({ value }) => useDebouncedSave(value, (newest) => saved.push(newest), 500), { value: 'loaded' });
  await hook.set({ value: 'oops' });
  await pass(100);
  await hook.set({ value: 'loaded' });
  await pass(10_000);
  await hook.unmount();
  assert.deepEqual(saved, []);
});

test('useLastSaved is the time of the last change of its dependencies', async (t) => {
  const pass = clock(t);
  const hook = await mounted(t, ({ values }) => useLastSaved(values), { values: ['a', 1] });
  assert.equal(hook.last, null);
  await pass(500);
  await hook.set({ values: ['a', 1] });
  assert.equal(hook.last, null, 'equal ones are no change');
  await hook.set({ values: ['a', 2] });
  assert.equal(hook.last, 1_000_500);
  await pass(500);
  await hook.set({ values: ['a', 2] });
  assert.equal(hook.last, 1_000_500);
  await hook.set({ values: ['a', 2, 'more'] });
  assert.equal(hook.last, 1_001_000);
});

test('useSaveIndicator says how long ago, looks again by itself, and ends "recent" on time', async (t) => {
  const pass = clock(t);
  const hook = await mounted(t, ({ at }) => useSaveIndicator(at, { intervalMs: 10_000, recentThresholdMs: 3000 }), { at: null });
  assert.deepEqual(hook.last, { timeAgo: '', isRecent: false });
  await hook.set({ at: 1_000_000 });
  assert.deepEqual(hook.last, { timeAgo: 'just now', isRecent: true });
  await pass(3001);
  assert.deepEqual(hook.last, { timeAgo: 'just now', isRecent: false });
  await pass(7000);
  assert.deepEqual(hook.last, { timeAgo: '10s ago', isRecent: false });
  await pass(60_000);
  assert.equal(hook.last.timeAgo, '1m ago');
  await pass(2 * 3_600_000);
  assert.equal(hook.last.timeAgo, '2h ago');
  const { length } = hook.seen;
  await hook.unmount();
  await pass(60_000);
  assert.equal(hook.seen.length, length, 'it looks no more');
});

test('useIndexedDBCollection follows the store, keeps its identity, and refresh waits for the device', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  core.dispatch(files.addItems([file('a'), file('b')]));
  const hook = await mounted(t, () => useIndexedDBCollection('files'), {}, { core });
  assert.deepEqual([hook.last[0].map(({ id }) => id), hook.last[2]], [['a', 'b'], false]);
  const [before] = hook.last;
  await act(async () => void core.dispatch(models.addModel({ id: 'm', name: '', fields: [], updatedAt: 1 })));
  assert.equal(hook.last[0], before, 'another store is nothing to it');
  await act(async () => void core.dispatch(files.updateItem({ id: 'b', content: 'x' })));
  assert.deepEqual(hook.last[0].map(({ content }) => content), [file('a').content, 'x']);
  assert.equal(hook.last[0][0], before[0]);
  assert.equal(await hook.last[1](), undefined);
  const settings = await mounted(t, () => useIndexedDBCollection('settings'), {}, { core });
  assert.deepEqual([settings.last[0].length, settings.last[0][0].key, settings.last[0][0].theme], [1, 'app', 'dark']);
});

test('useCoreReady, useIndexedDB and useIndexedDBCollection say when the data are there', async (t) => {
  const name = freshName();
  const before = await openCore(t, { storage: 'indexeddb', name });
  await before.dispatch(files.saveFile(file('a')));
  await before.close();
  const core = await openCore(t, { storage: 'indexeddb', name, waitForReady: false });
  const hook = await mounted(t, () => ({ ready: useCoreReady(), list: useIndexedDBCollection('files'), one: useIndexedDB('files', 'a', file('a', { content: 'default' })) }), {}, { core });
  const { ready, list, one } = hook.seen[0];
  assert.deepEqual([ready, list[0], list[2], one[0].content, one[3]], [{ phase: 'opening', isReady: false, error: null }, [], true, 'default', true]);
  await until(async () => (await act(async () => {}), hook.last.ready.isReady), 'the data are there');
  assert.deepEqual(hook.last.ready, { phase: 'ready', isReady: true, error: null });
  assert.deepEqual([hook.last.list[0], hook.last.list[2], hook.last.one[0], hook.last.one[3]], [[file('a')], false, file('a'), false]);
  const { length } = hook.seen;
  await act(async () => void core.dispatch(models.addModel({ id: 'm', name: '', fields: [], updatedAt: 1 })));
  assert.equal(hook.seen.length, length, 'it renders again for nothing else');
});

test('useCoreReady tells why a store could not be opened', async (t) => {
  const core = await openCore(t, { waitForReady: false, wasmBinary: new Uint8Array([0, 1, 2, 3]) });
  const hook = await mounted(t, useCoreReady, {}, { core });
  await until(async () => (await act(async () => {}), hook.last.error), 'it failed');
  assert.deepEqual([hook.last.phase, hook.last.isReady, hook.last.error.name], ['failed', false, 'CoreError']);
});
