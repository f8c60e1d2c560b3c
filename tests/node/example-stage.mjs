// What examples run on: a core with a little in it, the application's store of the compatibility entry, the Flask API, a page to
// render into, and the checks.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { act, create } from 'react-test-renderer';
import { flaskServer } from './support.mjs';
import { createCore, files } from 'codeforge-core';
import { setUp, store } from 'codeforge-core/compat';
import { CoreProvider } from 'codeforge-core/react';
import { ToastProvider } from 'codeforge-core/components';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

const endings = [];
let current;
let server;
let isStoreOpen = false;

const fail = (error) => {
  if (error.code !== 'closed') throw error; // what an example began and did not wait for
};

/** Until what the effects of a component began has come to its end. */
async function settled(core) {
  for (let quiet = 0; quiet < 5; await sleep(5)) quiet = ['pushing', 'pulling', 'checking'].includes(core.status().sync.phase) ? 0 : quiet + 1;
  await core.flush();
}

function fill({ dispatch }) {
  dispatch(files.addFile({ id: 'a', name: 'a.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 }));
  dispatch({ type: 'componentTrees/addTree', payload: { id: 't', name: 'Page', root: { id: 'root', type: 'div', children: [] }, updatedAt: 1 } });
}

/** The core of an example: one file `a`, one tree `t`. */
export async function __core(name) {
  await current?.close();
  current = await createCore({ name, storage: 'memory', onError: fail });
  fill(current);
  return current;
}

/** The store of the compatibility entry with the same contents, fresh. */
export async function __store(name) {
  if (isStoreOpen) await store.close();
  isStoreOpen = true;
  setUp({ name, storage: 'memory', flaskApiUrl: null, onError: fail });
  await store.ready;
  fill(store);
  return store;
}

/** The real Flask API, empty. */
export async function serverUrl() {
  server ??= await flaskServer({ after: (ending) => endings.push(ending) });
  await fetch(`${server.url}/api/storage/clear`, { method: 'POST', headers: { 'content-type': 'application/json' } });
  return server.url;
}

export const __check = (actual, expected) => assert.deepEqual(actual, expected);

/**
 * Renders a component: `text` as HTML below a CoreProvider, `effects` in a tree that lives until its effects have run, `store` the same
 * below no provider.
 */
export async function __render(component, how) {
  current ??= await __core('rendered');
  const inside = createElement(ToastProvider, null, createElement(component));
  if (how === 'text') return void renderToString(createElement(CoreProvider, { core: current }, inside));
  const element = how === 'store' ? createElement(component) : createElement(CoreProvider, { core: current }, createElement(component));
  let root;
  await act(async () => {
    root = create(element);
    await settled(how === 'store' ? store : current);
  });
  await act(async () => root.unmount());
}

export async function __finish() {
  await current?.close();
  if (isStoreOpen) await store.close();
  for (const ending of endings) await ending();
}
