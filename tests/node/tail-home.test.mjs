// The second home of the last moment's edits: what is kept, forgotten and taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TailHome } from '../../web/dist/tail-home.js';

/** The part of the Storage interface that a page's localStorage has, over own properties as there. */
function pageStorage(limit = Infinity) {
  return Object.create({
    setItem(key, value) {
      if (String(value).length > limit) throw new DOMException('full', 'QuotaExceededError');
      this[key] = String(value);
    },
    getItem(key) {
      return Object.hasOwn(this, key) ? this[key] : null;
    },
    removeItem(key) {
      delete this[key];
    },
  });
}
const edit = (content) => ({ type: 'files/updateItem', payload: { id: 'f', content } });

test('what the log does not have comes back in order, and once', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  for (const seq of [9, 10, 11]) page.keep(seq, edit(`v${seq}`));
  page.prune(9);
  const next = new TailHome('s', storage);
  assert.deepEqual(next.take(10), [edit('v11')]);
  assert.deepEqual(next.take(0), []);
  assert.deepEqual(Object.keys(storage), []);
});

test('stores do not see one another, nor foreign keys', () => {
  const storage = pageStorage();
  storage.setItem('theme', 'dark');
  new TailHome('a', storage).keep(1, edit('a'));
  assert.deepEqual(new TailHome('b', storage).take(0), []);
  assert.deepEqual(new TailHome('a', storage).take(0), [edit('a')]);
  assert.equal(storage.getItem('theme'), 'dark');
});

test('it is bounded, and a full storage costs nothing but itself', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  for (let seq = 1; seq <= 500; seq++) page.keep(seq, edit(`v${seq}`));
  assert.equal(Object.keys(storage).length, 64);
  page.prune(500);
  page.keep(501, edit('x'.repeat(1 << 20)));
  assert.equal(Object.keys(storage).length, 0);
  const full = new TailHome('s', pageStorage(10));
  full.keep(1, edit('does not fit'));
  assert.deepEqual(full.take(0), []);
});

test('a damaged entry is dropped, the others come back', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  page.keep(1, edit('one'));
  page.keep(2, edit('two'));
  storage.setItem('codeforge-core:s:tail:1', '{"type":"files/upd');
  assert.deepEqual(new TailHome('s', storage).take(0), [edit('two')]);
});
