// Lists of items that are longer than one frame: they cross in pieces, and are one action all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, freshName, openCore, until } from './support.mjs';

const many = (count, more = (index) => ({ content: `${index} ünï \u2028 "`.repeat(60) })) => Array.from({ length: count }, (_, index) => file(`f${index}`, more(index)));
const plain = (value) => JSON.parse(JSON.stringify(value));

/** Counts the pieces that cross. */
function countPieces(core) {
  const module = core.instances.at(-1);
  const { stage } = module;
  const counted = { calls: 0 };
  module.stage = (bytes) => { counted.calls++; return stage(bytes); };
  return counted;
}

test('a long list is one commit, in pieces', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  const pieces = countPieces(core);
  const items = many(3000);
  const before = core.status().seq;
  core.dispatch(files.setItems(items));
  assert.deepEqual(core.errors, []);
  assert.ok(pieces.calls > 10, `${pieces.calls} pieces`);
  assert.equal(core.status().seq, before + 1);
  assert.equal(core.read('files', 'f7'), core.read('files', 'f7'));
  assert.deepEqual(plain(core.getState().files.files), plain(items));
  core.dispatch(files.addItems(many(2000, () => ({ content: 'other'.repeat(300) }))));
  core.dispatch(files.addFile(file('last')));
  const stored = JSON.parse(core.instances[0].readAll('files')).items;
  assert.deepEqual(stored, plain(core.getState().files.files));
  assert.equal(stored.length, 3001);
  assert.equal(stored[1999].content, 'other'.repeat(300));
  core.undo();
  core.undo();
  assert.deepEqual(plain(core.getState().files.files), plain(items));
});

test('a long list is there after a restart of the page and of the instance', async (t) => {
  const name = freshName();
  const first = await openCore(t, { storage: 'indexeddb', name });
  const items = many(2000);
  first.dispatch(files.setItems(items));
  first.instances[0].coreTrap(new Error('a trap before it is durable'));
  await until(() => first.status().phase === 'ready' && first.status().runtime.restarts === 1);
  assert.deepEqual(JSON.parse(first.instances[1].readAll('files')).items, plain(items));
  await first.close();
  const second = await openCore(t, { storage: 'indexeddb', name });
  assert.deepEqual(plain(second.getState().files.files), plain(items));
});

test('a long list with one wrong item changes nothing, and nothing of it is left for the next', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.setItems([file('kept')]));
  const wrong = many(3000);
  wrong[2999] = file('f0');
  assert.match(core.dispatch(files.setItems(wrong)).error.message, /payload\[2999\]\.id 'f0' occurs twice/);
  assert.equal(core.dispatch(files.addItems([...many(3000), { id: 'bad', name: 7 }])).error.code, 'malformed-payload');
  assert.deepEqual(core.getState().files.files.map(({ id }) => id), ['kept']);
  const items = many(1500);
  core.dispatch(files.setItems(items));
  assert.deepEqual(plain(core.getState().files.files), plain(items));
});
