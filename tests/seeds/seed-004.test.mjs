// Seed 004: the active workflow goes to the server after edits, every 30 s and when the page is left.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createElement } from 'react';
import { act } from 'react-test-renderer';
import { flaskServer, until } from '../node/support.mjs';
import { venvPython } from '../../.ci/lib/python.mjs';
import { store, workflowSync } from 'codeforge-core/compat';
import { mount, openStore, seed } from './support.mjs';

const { module, names } = seed('004');
const manual = { autoSync: { enabled: false } };
const workflow = { id: 'w', name: 'W', nodes: [{ id: 'n', type: 'agent', position: { x: 1, y: 2 }, data: {} }], edges: [], updatedAt: 7 };
const state = { blocks: { n: workflow.nodes[0] }, edges: [], loops: {}, lastSaved: 7 };

/** Rows of the server's table: id, user, state. */
function stored(server) {
  const program = 'import json,sqlite3,sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute("SELECT id, user_id, state FROM workflow_state ORDER BY id").fetchall()))';
  const { stdout } = spawnSync(venvPython(), ['-c', program, server.database], { encoding: 'utf8' });
  return JSON.parse(stdout || '[]').map(([id, user, text]) => ({ id, user, state: JSON.parse(text) }));
}

/** A page whose relative addresses are the server's; answers what it fetched. */
function page(t, server) {
  const real = globalThis.fetch;
  const fetched = [];
  t.mock.method(globalThis, 'fetch', (url, init) => {
    fetched.push({ url: String(url), init });
    return real(new URL(url, server.url), init);
  });
  return fetched;
}

async function open(t, server) {
  await openStore(t, { flaskApiUrl: server.url, ...manual });
  store.dispatch({ type: 'workflows/addWorkflow', payload: workflow });
  store.dispatch({ type: 'workflows/setActiveWorkflow', payload: 'w' });
}

for (const [name, hook, run] of [
  ['debounced-sync', 'useDebouncedWorkflowSync', (use) => use()],
  ['periodic-sync', 'usePeriodicWorkflowSync', (use) => use(50)],
]) {
  test(`the snippet ${name} runs on the store's workflows`, async (t) => {
    const server = await flaskServer(t);
    const fetched = page(t, server);
    await open(t, server);
    const snippet = await module(name);
    const root = await mount(t, createElement(() => void run(snippet[hook]) ?? null));
    await until(() => stored(server).length === 1, 'the workflow is on the server');
    await act(async () => root.unmount());
    assert.deepEqual(stored(server), [{ id: 'w', user: 'current-authenticated-user-id', state }]);
    assert.ok(fetched.some(({ url }) => url === '/api/workflows/sync'));
  });
}

test('the snippet sync-on-unload sends with keepalive', async (t) => {
  const server = await flaskServer(t);
  const fetched = page(t, server);
  await open(t, server);
  globalThis.window = Object.assign(new EventTarget(), globalThis.window);
  const { useSyncOnUnload } = await module('sync-on-unload');
  await mount(t, createElement(() => void useSyncOnUnload() ?? null));
  t.after(() => { delete globalThis.window; });
  globalThis.window.dispatchEvent(new Event('beforeunload'));
  await until(() => stored(server).length === 1, 'the workflow is on the server');
  assert.equal(fetched.find(({ url }) => url.endsWith('/api/workflows/sync')).init.keepalive, true);
});

test('the snippet integration: our own hooks under the same names', async (t) => {
  const server = await flaskServer(t);
  page(t, server);
  await open(t, server);
  workflowSync.configure({ debounceMs: 20, userId: 'ada', memory: null });
  const { default: WorkflowContent } = await module('integration');
  await mount(t, createElement(WorkflowContent));
  await until(() => workflowSync.pending().length === 0, 'it is acknowledged');
  assert.deepEqual(stored(server), [{ id: 'w', user: 'ada', state: { name: 'W', ...state } }]);
  store.dispatch({ type: 'workflows/updateItem', payload: { id: 'w', name: 'renamed' } });
  assert.deepEqual(workflowSync.pending(), ['w']);
  await until(() => workflowSync.status('w').state === 'acknowledged', 'the edit is acknowledged');
  assert.equal(stored(server)[0].state.name, 'renamed');
});

test('the snippet endpoint is the Flask server\'s: server/tests/test_workflow_sync.py', async (t) => {
  const server = await flaskServer(t);
  const post = (body) => fetch(`${server.url}/api/workflows/sync`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.deepEqual(await (await post({ id: 'w', userId: 'u', state })).json(), { success: true });
  assert.equal((await post({ id: 'w' })).status, 400);
});

test('every snippet of the document is run by a test of this file', async () => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(new URL(import.meta.url), 'utf8');
  assert.deepEqual(names().filter((name) => !text.includes(name)), []);
});
