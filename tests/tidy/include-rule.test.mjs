// The include rule: a file in src/ includes from its own folder and lower layers, siblings never meet,
// and nothing in src/ knows the platform.
import assert from 'node:assert/strict';
import test from 'node:test';
import { projectFiles, read } from './source-files.mjs';

const below = {
  base: [],
  model: ['base'],
  store: ['base', 'model'],
  persist: ['base', 'model'],
  sync: ['base', 'model'],
  client: ['base', 'model', 'store', 'persist', 'sync'],
};
const forbiddenHeaders = new Set([
  'chrono', 'random', 'thread', 'mutex', 'atomic', 'future', 'condition_variable', 'semaphore', 'stop_token', 'iostream', 'istream', 'ostream',
  'fstream', 'sstream', 'iomanip', 'filesystem', 'cstdio', 'stdio.h', 'ctime', 'time.h', 'syncstream', 'stacktrace', 'exception', 'stdexcept', 'typeinfo',
]);

function includesOf(file) {
  return [...read(file).matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm)].map(([, mark, header]) => ({ quoted: mark === '"', header }));
}

/** What is wrong with an include of a file in a layer; null when nothing. */
export function wrongInclude(layer, { quoted, header }) {
  if (!quoted) {
    if (header.startsWith('emscripten')) return `${header}: src/ does not know the platform`;
    if (header.startsWith('nlohmann/')) return layer === 'base' ? null : `${header}: base/json.hpp is the only door to it`;
    return forbiddenHeaders.has(header) ? `<${header}>: time, randomness, threads, streams and files come from outside` : null;
  }
  const target = header.split('/')[0];
  if (!(target in below) || !header.includes('/')) return `"${header}" does not begin with a layer`;
  return target === layer || below[layer].includes(target) ? null : `"${header}" is not below ${layer}`;
}

test('every file of src/ keeps the include rule', () => {
  const files = projectFiles().filter((file) => /^src\/.*\.(hpp|cpp)$/.test(file));
  assert.ok(files.length > 40);
  const wrong = [];
  for (const file of files) {
    const layer = file.split('/')[1];
    assert.ok(layer in below, `${file}: no such layer`);
    for (const include of includesOf(file)) {
      const why = wrongInclude(layer, include);
      if (why !== null) wrong.push(`${file}: ${why}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the module reads JSON as text: the tree is for the generator of types and for tests', () => {
  const users = projectFiles().filter((file) => /^(src|bindings)\/.*\.(hpp|cpp)$/.test(file) && includesOf(file).some(({ header }) => header === 'base/json.hpp'));
  assert.deepEqual(users, ['src/base/json.cpp', 'src/model/slice_table_json.cpp'], 'it would put 23 kB of compressed parser and printer into core.wasm');
});

test('the rule itself can fail', () => {
  for (const [layer, header] of [['base', 'model/value.hpp'], ['model', 'store/store.hpp'], ['store', 'sync/key.hpp'], ['sync', 'persist/log.hpp'],
    ['persist', 'client/client.hpp'], ['model', 'value.hpp']]) {
    assert.notEqual(wrongInclude(layer, { quoted: true, header }), null, `${layer} -> ${header}`);
  }
  for (const header of ['emscripten.h', 'emscripten/fetch.h', 'chrono', 'thread', 'cstdio', 'fstream']) {
    assert.notEqual(wrongInclude('client', { quoted: false, header }), null, header);
  }
  assert.notEqual(wrongInclude('sync', { quoted: false, header: 'nlohmann/json.hpp' }), null);
  assert.equal(wrongInclude('client', { quoted: true, header: 'sync/engine.hpp' }), null);
  assert.equal(wrongInclude('base', { quoted: false, header: 'string' }), null);
});

test('headers are guarded once', () => {
  const files = projectFiles().filter((file) => /\.hpp$/.test(file));
  assert.deepEqual(files.filter((file) => !/^#pragma once$/m.test(read(file))), []);
});
