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

test('the first edits of a turn are there at once, those behind them together when it ends', async () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  const contents = () => new TailHome('s', Object.assign(pageStorage(), storage)).take(0).map(({ action }) => action.payload.content);
  const numbers = (count) => Array.from({ length: count }, (_, index) => `v${index + 1}`);
  for (let seq = 1; seq <= 30; seq++) page.keep(seq, edit(`v${seq}`));
  assert.deepEqual(contents(), numbers(4));
  await Promise.resolve();
  assert.equal(Object.keys(storage).length, 5);
  assert.deepEqual(contents(), numbers(30));
  page.prune(29);
  assert.deepEqual(taken(new TailHome('s', storage), 29), [edit('v30')]);
});

test('those behind them are there at once when the page goes away, and not at all when they are durable by then', () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  for (let seq = 1; seq <= 10; seq++) page.keep(seq, edit(`v${seq}`));
  page.prune(10);
  page.turnEnded();
  assert.deepEqual(taken(new TailHome('s', Object.assign(pageStorage(), storage)), 4), []);
  for (let seq = 11; seq <= 20; seq++) page.keep(seq, edit(`v${seq}`));
  page.turnEnded();
  assert.equal(taken(new TailHome('s', storage), 10).length, 10);
});

test('what waits keeps the name of the instance that numbered it', async () => {
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  page.belongsTo({ isWriter: false, instance: 'p.1' });
  for (let seq = 1; seq <= 10; seq++) page.keep(seq, edit(`v${seq}`));
  page.belongsTo({ isWriter: true, instance: 'p.2' });
  await Promise.resolve();
  assert.deepEqual(new TailHome('s', storage).owners(), ['p.1']);
  const found = new TailHome('s', storage).take(0, (owner, number) => (owner.isWriter ? undefined : number > 6));
  assert.deepEqual(found.map(({ action }) => action.payload.content), ['v7', 'v8', 'v9', 'v10']);
});

test('stores do not see one another, nor foreign keys', () => {
  const storage = pageStorage();
  storage.setItem('theme', 'dark');
  new TailHome('a', storage).keep(1, edit('a'));
  assert.deepEqual(taken(new TailHome('b', storage), 0), []);
  assert.deepEqual(taken(new TailHome('a', storage), 0), [edit('a')]);
  assert.equal(storage.getItem('theme'), 'dark');
});

test('it is bounded, and a full storage costs nothing but itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  for (let seq = 1; seq <= 500; seq++) page.keep(seq, edit(`v${seq}`));
  await Promise.resolve();
  assert.equal(new TailHome('s', Object.assign(pageStorage(), storage)).take(0).length, 64);
  page.prune(500);
  page.keep(501, edit('x'.repeat(1 << 20)));
  t.mock.timers.tick(0);
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
  assert.deepEqual([...new Set(asked.map(([isWriter, instance]) => `${isWriter} ${instance}`))], ['true dead.1', 'false alive.1']);
  assert.deepEqual(next.owners(), ['alive.1']);
});

test('two entries with one number are both kept, and forgotten together', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const storage = pageStorage();
  const page = new TailHome('s', storage);
  page.belongsTo({ isWriter: true, instance: 'p.1' });
  page.keep(5, edit('a'));
  page.keep(5, edit('b'));
  assert.equal(Object.keys(storage).length, 2);
  page.prune(5);
  t.mock.timers.tick(0);
  assert.equal(Object.keys(storage).length, 0);
});

test('what has no number yet is kept under the name of its page, in order, with its session', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const storage = pageStorage();
  const page = new TailHome('s', storage, undefined, 'session');
  page.keep(Infinity, edit('of nobody'));
  page.belongsTo({ isWriter: true, instance: 'a.1' });
  for (let i = 0; i < 12; i++) page.keep(Infinity, edit(`v${i}`));
  await Promise.resolve();
  const found = new TailHome('s', storage).take(99, () => true);
  assert.deepEqual(found.map(({ action, session }) => [action.payload.content, session]), Array.from({ length: 12 }, (_, i) => [`v${i}`, 'session']));
  page.keep(Infinity, { ...edit('found'), action: { ...edit('found').action, meta: { session: 'another' } } });
  assert.deepEqual(new TailHome('s', storage).take(99, () => true).map(({ session }) => session), ['another']);
  const circle = {};
  circle.self = circle;
  page.keep(Infinity, { ...edit(''), action: { type: 'files/addFile', payload: circle } });
  page.keep(Infinity, edit('last'));
  page.prune(Infinity);
  t.mock.timers.tick(0);
  assert.deepEqual(Object.keys(storage), []);
});

test('a writer keeps its next entry in the place of a durable one, a follower removes what is durable', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const [isWriter, left] of [[true, 1], [false, 0]]) {
    const storage = pageStorage();
    const page = new TailHome('s', storage);
    page.belongsTo({ isWriter, instance: 'p.1' });
    for (let seq = 1; seq <= 9; seq++) {
      page.keep(seq, edit(`v${seq}`));
      assert.equal(Object.keys(storage).length, 1);
      page.prune(seq);
      assert.equal(Object.keys(storage).length, left);
      await Promise.resolve(); // another turn
    }
    const next = new TailHome('s', Object.assign(pageStorage(), storage));
    assert.deepEqual(next.take(0, (_, number) => number > 9), [], 'what is durable is not done again');
    t.mock.timers.tick(0);
    assert.equal(Object.keys(storage).length, 0);
  }
});
