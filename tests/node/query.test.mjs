// Queries on declared indexes: a lookup, in the order of the items, always as a scan would answer.
import assert from 'node:assert/strict';
import test from 'node:test';
import { SliceMirror } from '../../web/dist/slice-mirror.js';
import { compareKeys } from '../../web/dist/slice-index.js';
import { file, openCore, randomFrom } from './support.mjs';

test('an index of a built-in slice answers the items with that value', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addItems', payload: [file('a', { path: '/x' }), file('b', { path: '/y' }), file('c', { path: '/x' })] });
  assert.deepEqual(core.query('files', 'path', '/x').map(({ id }) => id), ['a', 'c']);
  assert.equal(core.query('files', 'path', '/x')[0], core.read('files', 'a'));
  assert.deepEqual(core.query('files', 'path', '/none'), []);
});

test('the answer stays the same array until one of its items changes', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addItems', payload: [file('a', { path: '/x' }), file('b', { path: '/y' })] });
  const before = core.query('files', 'path', '/x');
  core.dispatch({ type: 'files/updateItem', payload: { id: 'b', content: 'other' } });
  assert.equal(core.query('files', 'path', '/x'), before);
  core.dispatch({ type: 'files/updateItem', payload: { id: 'a', content: 'other' } });
  assert.equal(core.query('files', 'path', '/x')[0].content, 'other');
  assert.equal(before[0].content, file('a').content, 'what was handed out does not change');
});

test('an index that was not declared is refused by name', async (t) => {
  const core = await openCore(t, { slices: { notes: { indexes: ['path'] } } });
  assert.throws(() => core.query('files', 'content', 'x'), { code: 'malformed-payload', message: "query: files has no index 'content'; it has: name, path" });
  assert.throws(() => core.query('settings', 'x', 'x'), { message: "query: settings has no index 'x'; it has: none" });
  assert.throws(() => core.query('nothing', 'x', 'x'), { code: 'unknown-slice' });
  assert.deepEqual(core.query('notes', 'path', '/'), []);
});

test('changes that come from the server reach the index', async (t) => {
  const core = await openCore(t, { slices: { notes: { indexes: ['tag'] } } });
  core.dispatch(core.actions.notes.addItem({ id: 'a', tag: 'x' }));
  assert.equal(core.query('notes', 'tag', 'x').length, 1);
  core.dispatch(core.actions.notes.updateItem({ id: 'a', tag: 'y' }));
  assert.equal(core.query('notes', 'tag', 'x').length, 0);
  core.dispatch(core.actions.notes.removeItem('a'));
  assert.equal(core.query('notes', 'tag', 'y').length, 0);
});

/** Items whose member `k` tells how often it was read. */
function counted() {
  const reads = { count: 0 };
  const item = (id, k) => Object.defineProperty({ id }, 'k', { enumerable: true, get: () => (reads.count++, k) });
  return { reads, item };
}

test('a query visits the items that it answers, and no others', () => {
  const { reads, item } = counted();
  const mirror = new SliceMirror({ collection: 'items', wire: null, indexes: ['k'], fields: {}, verbs: {} });
  const count = 10_000;
  for (let index = 0; index < count; index++) mirror.put(`i${index}`, item(`i${index}`, index % 100));
  assert.equal(mirror.query('k', 7).length, 100);
  assert.equal(reads.count > 0, true, 'the first query builds the index');
  reads.count = 0;
  for (let key = 0; key < 100; key++) assert.equal(mirror.query('k', key).length, 100);
  assert.equal(mirror.query('k', { lower: 10, upper: 20 }).length, 1100);
  assert.equal(reads.count, 0, 'no item is looked at');
  mirror.put('i7', item('i7', 8));
  assert.equal(mirror.query('k', 7).length, 99);
  assert.equal(mirror.query('k', 8)[0].id, 'i7', 'in the order of the items, not of the changes');
  assert.ok(reads.count <= 4, `an edit looks at its own item only, not at ${reads.count}`);
});

for (const seed of [1, 2, 3, 4, 5]) test(`random edits: every query answers what a scan does (seed ${seed})`, () => {
  const random = randomFrom(seed);
  const mirror = new SliceMirror({ collection: 'items', wire: null, indexes: ['k', 'm.k'], fields: {}, verbs: {} });
  mirror.load({ items: [], fields: {} });
  const keys = [0, 1, -1, 2.5, '', 'a', 'b', 'ä', true, false, null, undefined, { x: 1 }, [1]];
  const isKey = (value) => ['string', 'number', 'boolean'].includes(typeof value);
  for (let step = 0; step < 600; step++) {
    const id = `i${random.below(30)}`;
    const item = { id, k: random.pick(keys), ...(random.below(3) ? { m: { k: random.pick(keys) } } : {}) };
    const edit = random.below(10);
    if (edit < 7) mirror.put(id, item);
    else if (edit < 9) mirror.remove(id);
    else if (random.below(10) === 0) mirror.setAll([item, { id: 'last', k: 1 }]);
    else mirror.apply('', [], mirror.items().map((entry) => entry.id).sort(() => random.below(3) - 1), false);
    for (const [name, of] of [['k', (entry) => entry.k], ['m.k', (entry) => entry.m?.k]]) {
      const key = random.pick(keys.filter(isKey));
      assert.deepEqual(mirror.query(name, key), mirror.items().filter((entry) => of(entry) === key));
      const [lower, upper] = [random.pick(keys.filter(isKey)), random.pick(keys.filter(isKey))];
      const range = { ...(random.below(4) ? { lower } : {}), ...(random.below(4) ? { upper } : {}), lowerOpen: random.below(2) === 0, upperOpen: random.below(2) === 0 };
      const inRange = (value) => isKey(value)
        && (range.lower === undefined || compareKeys(value, range.lower) > (range.lowerOpen ? 0 : -1))
        && (range.upper === undefined || compareKeys(value, range.upper) < (range.upperOpen ? 0 : 1));
      const scan = mirror.items().filter((entry) => inRange(of(entry)))
        .map((entry, index) => ({ entry, index })).sort((x, y) => compareKeys(of(x.entry), of(y.entry)) || x.index - y.index).map(({ entry }) => entry);
      assert.deepEqual(mirror.query(name, range), scan);
    }
  }
});
