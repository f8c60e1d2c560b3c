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
const edit = (content) => ({ action: { type: 'files/updateItem', payload: { id: 'f', content } }, at: 1_700_000_000_000, group: '' });
/** What comes back, without its number. */
const taken = (home, seq) => home.take(seq).map(({ action, at, group }) => ({ action, at, group }));

test('what the log does not have comes back in order, and once', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  for (const seq of [9, 10, 11]) page.keep(seq, edit(`v${seq}`));
  page.prune(9);
  const next = new TailHome('s', storage);
  assert.deepEqual(taken(next, 10), [edit('v11')]);
  assert.deepEqual(taken(next, 0), []);
  assert.deepEqual(Object.keys(storage), []);
});

test('stores do not see one another, nor foreign keys', () => {
  const storage = pageStorage();
  storage.setItem('theme', 'dark');
  new TailHome('a', storage).keep(1, edit('a'));
  assert.deepEqual(taken(new TailHome('b', storage), 0), []);
  assert.deepEqual(taken(new TailHome('a', storage), 0), [edit('a')]);
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
  assert.deepEqual(taken(full, 0), []);
});

test('a damaged entry is dropped, the others come back', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  page.keep(1, edit('one'));
  page.keep(2, edit('two'));
  storage.setItem('codeforge-core:s:tail:1', '{"action":{"type":"files/upd');
  assert.deepEqual(taken(new TailHome('s', storage), 0), [edit('two')]);
});

test('entries of several tabs: what is lost with a dead one comes back, what a living one has stays', () => {
  const storage = pageStorage();
  const writer = new TailHome('s', storage);
  writer.belongsTo({ isWriter: true, instance: 'dead.1' });
  for (const seq of [7, 8]) writer.keep(seq, edit(`w${seq}`));
  const follower = new TailHome('s', storage);
  follower.belongsTo({ isWriter: false, instance: 'alive.1' });
  follower.keep(1, edit('f1'));
  const next = new TailHome('s', storage);
  assert.deepEqual(next.owners().sort(), ['alive.1', 'dead.1']);
  const asked = [];
  const found = next.take(0, (owner, number) => {
    asked.push([owner.isWriter, owner.instance, number]);
    return owner.instance === 'dead.1' ? number > 7 : undefined;
  });
  assert.deepEqual(found.map(({ action }) => action.payload.content), ['w8']);
  assert.deepEqual(asked, [[true, 'dead.1', 7], [true, 'dead.1', 8], [false, 'alive.1', 1]]);
  assert.deepEqual(next.owners(), ['alive.1']);
});

test('two entries with one number are both kept, and forgotten together', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  page.belongsTo({ isWriter: true, instance: 'p.1' });
  page.keep(5, edit('a'));
  page.keep(5, edit('b'));
  assert.equal(Object.keys(storage).length, 2);
  page.prune(5);
  assert.equal(Object.keys(storage).length, 0);
});

test('what has no number yet is kept under the name of its page, in order, with its session', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage, undefined, 'session');
  page.keep(Infinity, edit('of nobody'));
  page.belongsTo({ isWriter: true, instance: 'a.1' });
  for (let i = 0; i < 12; i++) page.keep(Infinity, edit(`v${i}`));
  const found = new TailHome('s', storage).take(99, () => true);
  assert.deepEqual(found.map(({ action, session }) => [action.payload.content, session]), Array.from({ length: 12 }, (_, i) => [`v${i}`, 'session']));
  page.keep(Infinity, { ...edit('found'), action: { ...edit('found').action, meta: { session: 'another' } } });
  assert.deepEqual(new TailHome('s', storage).take(99, () => true).map(({ session }) => session), ['another']);
  const circle = {};
  circle.self = circle;
  page.keep(Infinity, { ...edit(''), action: { type: 'files/addFile', payload: circle } });
  page.keep(Infinity, edit('last'));
  page.prune(Infinity);
  assert.deepEqual(Object.keys(storage), []);
});
