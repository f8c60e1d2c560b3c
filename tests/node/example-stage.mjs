// What examples run on: a core with a little in it, a page to render into, and the checks.
import assert from 'node:assert/strict';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import 'fake-indexeddb/auto';
import { createCore, files } from 'codeforge-core';
import { CoreProvider } from 'codeforge-core/react';
import { ToastProvider } from 'codeforge-core/components';

let current;

/** The core of an example: one file `a`, one tree `t`. */
export async function __core(name) {
  await current?.close();
  current = await createCore({ name, storage: 'memory', onError: (error) => { throw error; } });
  current.dispatch(files.addFile({ id: 'a', name: 'a.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 }));
  current.dispatch({ type: 'componentTrees/addTree', payload: { id: 't', name: 'Page', root: { id: 'root', type: 'div', children: [] }, updatedAt: 1 } });
  return current;
}

export const __check = (actual, expected) => assert.deepEqual(actual, expected);

export async function __render(component) {
  current ??= await __core('rendered');
  renderToString(createElement(CoreProvider, { core: current }, createElement(ToastProvider, null, createElement(component))));
}

export const __finish = async () => { await current?.close(); current = undefined; };
