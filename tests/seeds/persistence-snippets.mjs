// The tests of seeds 001 and 002, which are the same document with and without markup.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement, useEffect } from 'react';
import { act } from 'react-test-renderer';
import { exported, file, flaskServer, until } from '../node/support.mjs';
import {
  configureAutoSync, configurePersistence, disablePersistence, enablePersistence, flushPersistence, getAutoSyncStatus, getSyncMetrics,
  checkFlaskConnection, store, subscribeSyncMetrics, usePersistence,
} from 'codeforge-core/compat';
import { mount, openStore, seed } from './support.mjs';

const dispatch = (action) => store.dispatch(action);
const manual = { autoSync: { enabled: false } };
const model = (id) => ({ id, name: id, fields: [], updatedAt: 1 });

export function testPersistence(number) {
  const { run, render, module, names } = seed(number);

  test(`seed ${number}: a slice is configured with the documented members`, async (t) => {
    await openStore(t);
    const { config } = await run('persistence-config', { gives: ['config'] });
    configurePersistence('files', config);
    assert.throws(() => configurePersistence('files', { ...config, storeName: 'models' }), { code: 'unsupported' });
    assert.throws(() => configurePersistence('nosuch', config), { code: 'unknown-slice', message: /nosuch/ });
    assert.throws(() => configurePersistence('files', { batchSize: 0 }), { code: 'malformed-payload', message: /batchSize/ });
  });

  test(`seed ${number}: metrics are read, followed and started anew`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, ...manual });
    const lines = [];
    t.mock.method(console, 'log', (...line) => lines.push(line));
    const { metrics, unsubscribe } = await run('sync-metrics', { gives: ['metrics', 'unsubscribe'] });
    assert.deepEqual(metrics, { totalOperations: 0, successfulOperations: 0, failedOperations: 0, lastOperationTime: 0, averageOperationTime: 0, operationTimes: [] });
    dispatch({ type: 'files/addFile', payload: file('a') });
    await store.sync.push();
    await until(() => lines.some(([text, now]) => text === 'Sync metrics updated:' && now.totalOperations === 2), 'the listener heard of the look and the put');
    unsubscribe();
    const count = lines.length;
    const { metrics: later } = await run('metrics-management', { gives: ['metrics'] });
    assert.equal(later.successfulOperations, 2);
    assert.equal(getSyncMetrics().totalOperations, 0);
    await act(async () => {});
    assert.equal(lines.length, count, 'nobody is told after unsubscribe');
  });

  test(`seed ${number}: auto-sync is configured while it runs`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, autoSync: { enabled: false, syncOnChange: false } });
    await run('configure-auto-sync');
    assert.deepEqual(store.status().sync.autoSync, { enabled: true, intervalMs: 30_000, syncOnChange: true, maxQueueSize: 50 });
    assert.equal(store.getState().settings.settings.autoSync, true, 'the settings say the same');
    await until(() => store.status().sync.connected, 'the server was looked at without anybody asking');
    dispatch({ type: 'files/addFile', payload: file('a') });
    assert.equal(getAutoSyncStatus().changeCounter, 1);
    assert.ok(getAutoSyncStatus().nextSyncIn <= 300);
    await until(async () => (await exported(server))['files:a'], 'the file is on the server');
    await until(() => getAutoSyncStatus().changeCounter === 0, 'the counter went back');
    assert.ok(getAutoSyncStatus().lastSyncTime > 0);
    dispatch({ type: 'settings/toggleAutoSync' });
    assert.equal(getAutoSyncStatus().enabled, false, 'the setting switches it off');
    await run('best-auto-sync', { given: { configureAutoSync } });
    assert.equal(getAutoSyncStatus().enabled, true, 'and the function on again');
  });

  test(`seed ${number}: usePersistence has the documented members`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, ...manual });
    const { shape } = await module('use-persistence-shape', { before: 'export const shape = null; export type Shape =' });
    assert.equal(shape, null, 'the text is a type');
    let last;
    const Probe = () => void (last = usePersistence()) ?? null;
    await mount(t, createElement(Probe));
    assert.deepEqual(Object.keys(last).sort(), ['autoSyncStatus', 'configure', 'configureAutoSync', 'disable', 'enable', 'flush', 'metrics', 'resetMetrics', 'status', 'syncNow']);
    assert.deepEqual(last.status, { enabled: true, lastSyncTime: null, syncStatus: 'idle', error: null, flaskConnected: false });
    assert.deepEqual(last.autoSyncStatus, { enabled: false, lastSyncTime: 0, changeCounter: 0, nextSyncIn: null });
    await act(async () => dispatch({ type: 'files/addFile', payload: file('a') }));
    assert.equal(last.autoSyncStatus.changeCounter, 1);
    await act(async () => last.syncNow());
    assert.deepEqual([last.status.syncStatus, last.status.flaskConnected, last.autoSyncStatus.changeCounter], ['success', true, 0]);
    assert.equal(last.metrics.totalOperations, 2);
    await server.stop();
    await act(async () => dispatch({ type: 'files/addFile', payload: file('b') }));
    await act(async () => assert.rejects(last.syncNow(), { code: 'offline' }));
    assert.deepEqual([last.status.syncStatus, last.status.flaskConnected, last.autoSyncStatus.changeCounter], ['error', false, 1]);
    await act(async () => last.resetMetrics());
    assert.equal(last.metrics.totalOperations, 0);
  });

  test(`seed ${number}: a component of one's own shows status and success rate`, async (t) => {
    await openStore(t);
    const { MyComponent } = await module('use-persistence', { more: 'export { MyComponent };' });
    const root = await mount(t, createElement(MyComponent));
    assert.deepEqual(root.root.findAllByType('p')[0].children, ['Status: ', 'idle']);
  });

  test(`seed ${number}: the dashboard is a component to show as it is`, async (t) => {
    await openStore(t);
    const { App } = await module('persistence-dashboard', { more: 'export { App };' });
    const root = await mount(t, createElement(App));
    assert.ok(root.root.findAllByType('button').length > 0);
  });

  test(`seed ${number}: flush, configure, disable and enable; nothing edited meanwhile is lost`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, ...manual });
    dispatch({ type: 'files/addFile', payload: file('a') });
    dispatch({ type: 'models/addModel', payload: model('m') });
    await run('persistence-control', { given: { flushPersistence, configurePersistence, enablePersistence, disablePersistence } });
    assert.deepEqual(Object.keys(await exported(server)), ['files:a', 'models:m']);
    dispatch({ type: 'theme/addTheme', payload: { id: 't', name: 'T', colors: {}, typography: {}, spacing: {}, updatedAt: 1 } });
    dispatch({ type: 'files/addFile', payload: file('b') });
    await flushPersistence();
    assert.deepEqual(Object.keys(await exported(server)), ['files:a', 'models:m'], 'theme is disabled and files stay at home');
    enablePersistence('theme');
    configurePersistence('files', { syncToFlask: true });
    await flushPersistence();
    assert.deepEqual(Object.keys(await exported(server)), ['files:a', 'files:b', 'models:m', 'theme:t']);
  });

  test(`seed ${number}: push, pull and check by thunks`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, ...manual });
    dispatch({ type: 'files/addFile', payload: file('a') });
    await run('sync-operations', { given: { dispatch, checkFlaskConnection } });
    await until(() => store.getState().sync.flaskStats?.totalKeys === 1, 'the check counts what was pushed');
    assert.deepEqual(Object.keys(await exported(server)), ['files:a']);
  });

  test(`seed ${number}: best practices run`, async (t) => {
    const server = await flaskServer(t);
    await openStore(t, { flaskApiUrl: server.url, ...manual });
    await render(t, 'best-monitor', { given: { useEffect, subscribeSyncMetrics } });
    dispatch({ type: 'files/addFile', payload: file('a') });
    const { seq } = store.status();
    const { saveProject } = await run('best-flush', { given: { flushPersistence }, gives: ['saveProject'] });
    await saveProject();
    assert.ok(store.status().durableSeq >= seq);
    await run('best-per-slice', { given: { configurePersistence } });
  });

  test(`seed ${number}: every snippet of the document is run`, async () => {
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(new URL(import.meta.url), 'utf8');
    assert.deepEqual(names().filter((name) => !text.includes(`'${name}'`)), []);
  });
}
