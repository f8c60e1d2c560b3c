// What a page downloads to use each store: bundled and minified alike, gzip -9.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inProject } from '../../../.ci/lib/paths.mjs';
import { kBundling } from './bundling.mjs';

const ours = (path) => JSON.stringify(inProject('web/dist', path));
const kWasm = [inProject('web/dist/wasm/core.wasm')];
const kReduxToolkit = `export { combineReducers, configureStore, createEntityAdapter, createSlice } from '@reduxjs/toolkit';`;

/** What a program imports, and files that it loads beside the code. Ours is the whole main entry. */
const kEntries = {
  'codeforge-core': { code: `export * from ${ours('index.js')};`, files: kWasm },
  'codeforge-core + react hooks': { code: `export * from ${ours('index.js')}; export * from ${ours('react/index.js')};`, files: kWasm },
  'Redux Toolkit': { code: kReduxToolkit },
  'Redux Toolkit + redux-persist + localForage': { code: `${kReduxToolkit} export { persistReducer, persistStore } from 'redux-persist'; export { default } from 'localforage';` },
  'Redux Toolkit + Dexie': { code: `${kReduxToolkit} export { Dexie } from 'dexie';` },
  'Zustand': { code: `export { createStore } from 'zustand/vanilla';` },
  'MobX': { code: `export { observable, observe, reaction, runInAction } from 'mobx';` },
  'Legend-State': { code: `export { observable } from '@legendapp/state';` },
  'Valtio': { code: `export { proxy, subscribe } from 'valtio/vanilla';` },
  'Yjs': { code: `export { Doc, Map, Array } from 'yjs';` },
  'TinyBase': { code: `export { createStore } from 'tinybase/store';` },
  'TinyBase, mergeable + IndexedDB persister': { code: `export { createMergeableStore } from 'tinybase/mergeable-store'; export { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';` },
  'idb': { code: `export { openDB } from 'idb';` },
  'Dexie': { code: `export { Dexie } from 'dexie';` },
  'Dexie Cloud': { code: `export { Dexie } from 'dexie'; export { default } from 'dexie-cloud-addon';` },
  'PouchDB': { code: `export { default } from 'pouchdb-browser';` },
  'RxDB + Dexie storage': { code: `export { createRxDatabase } from 'rxdb/plugins/core'; export { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';` },
  'RxDB + Dexie storage + replication': { code: `export { createRxDatabase } from 'rxdb/plugins/core'; export { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'; export { replicateRxCollection } from 'rxdb/plugins/replication';` },
};

/** The code that is there before the program runs: the entry and what it imports, without what it loads later by import(). */
function eager({ outputFiles, metafile }) {
  // What import() loads later has an entry point as well.
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>');
  const wanted = new Set();
  const visit = (path) => {
    if (wanted.has(path)) return;
    wanted.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path].imports) if (kind === 'import-statement' && !external) visit(next);
  };
  visit(entry);
  return outputFiles.filter(({ path }) => [...wanted].some((name) => path.endsWith(`/${name}`))).map(({ contents }) => contents);
}

async function sizeOf({ code, files = [] }, folder) {
  const bundled = await build({
    ...kBundling, stdin: { contents: code, resolveDir: folder }, write: false, metafile: true, splitting: true, outdir: 'sizes', external: ['react', 'react-dom', 'react/*'],
  });
  const parts = [...eager(bundled), ...files.map((file) => readFileSync(file))];
  const total = (measure) => parts.reduce((sum, bytes) => sum + measure(bytes), 0);
  return { minified: total((bytes) => bytes.length), gzip: total((bytes) => gzipSync(bytes, { level: 9 }).length) };
}

/** `{name: {minified, gzip}}` in bytes. */
export async function sizes(folder) {
  const found = {};
  for (const [name, entry] of Object.entries(kEntries)) found[name] = await sizeOf(entry, folder);
  return found;
}
