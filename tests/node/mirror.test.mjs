// Seeded random edits: the mirror equals a plain model and equals what the core holds, an item that
// was not edited keeps its identity, and a slice that is read late looks like one that was read early.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, openCore, randomFrom, tree, until } from './support.mjs';

const ids = ['a', 'b', 'c', 'd:1', 'e/ö', 'f g', '__proto__', '7', '3'];

function randomFile(random) {
  const more = {};
  if (random.below(2)) more.props = { list: Array.from({ length: random.below(4) }, (_, index) => index), text: random.pick(['', 'ünï', '\u2028"\\']) };
  if (random.below(3) === 0) more[random.pick(['x', '__proto__', 'länge', '0'])] = random.pick([null, true, 1.5e300, -1e-7, { y: {} }]);
  return JSON.parse(JSON.stringify(file(random.pick(ids), { content: `v${random.below(1000)}`, ...more })));
}

/** The reference: an array of items, edited the slow and obvious way. */
class Model {
  items = [];
  put(item) {
    const index = this.items.findIndex(({ id }) => id === item.id);
    if (index < 0) this.items.push(item);
    else this.items[index] = item;
  }
  merge(part) {
    const index = this.items.findIndex(({ id }) => id === part.id);
    if (index >= 0) this.items[index] = { ...this.items[index], ...part };
  }
  replace(item) {
    if (this.items.some(({ id }) => id === item.id)) this.put(item);
  }
  remove(id) {
    this.items = this.items.filter((item) => item.id !== id);
  }
}

/** One edit in both; answers the ids that it names. */
function step(random, core, model) {
  const named = new Set();
  const dispatch = (action) => {
    for (const part of [action.payload].flat()) named.add(typeof part === 'string' ? part : part.id);
    core.dispatch(action);
  };
  const distinct = () => [...new Map(Array.from({ length: random.below(6) }, () => randomFile(random)).map((item) => [item.id, item])).values()];
  const old = model.items.length > 0 ? core.read('files', random.pick(model.items).id) : undefined;
  const edits = [
    () => { const item = randomFile(random); dispatch({ type: 'files/addFile', payload: item }); model.put(item); },
    () => { const item = randomFile(random); dispatch({ type: 'files/updateFile', payload: item }); model.replace(item); },
    () => { const { id, content } = randomFile(random); dispatch({ type: 'files/updateItem', payload: { id, content } }); model.merge({ id, content }); },
    () => { const id = random.pick(ids); dispatch({ type: 'files/removeItem', payload: id }); model.remove(id); },
    () => { const items = distinct(); dispatch({ type: 'files/addItems', payload: items }); items.forEach((item) => model.put(item)); },
    () => { const items = distinct(); dispatch({ type: 'files/setItems', payload: items }); model.items = [...items]; },
    // The usual edit of an application: the old object with one member replaced.
    () => { if (old) { const item = { ...old, content: `w${random.below(9)}` }; dispatch({ type: 'files/addFile', payload: item }); model.put(item); } },
    () => { if (old) { dispatch({ type: 'files/updateItem', payload: { ...old, name: `n${random.below(9)}`, gone: undefined } }); model.put(core.read('files', old.id)); } },
  ];
  // Replacing everything is rarer than the rest, so that the collection has time to grow.
  const edit = random.below(edits.length);
  edits[edit === 5 && random.below(4) > 0 ? 0 : edit]();
  return named;
}

for (let seed = 1; seed <= 20; seed++) {
  test(`random edits of items, seed ${seed}`, async (t) => {
    const random = randomFrom(seed);
    const core = await openCore(t, { storage: seed % 2 ? 'memory' : 'indexeddb' });
    const model = new Model();
    for (let round = 0; round < 300; round++) {
      const before = new Map(core.getState().files.files.map((item) => [item.id, item]));
      const edited = step(random, core, model);
      const items = core.getState().files.files;
      assert.deepEqual(items, model.items, `round ${round}`);
      for (const item of items) {
        assert.equal(core.read('files', item.id), item);
        if (!edited.has(item.id)) assert.equal(item, before.get(item.id), `round ${round}: ${item.id} was not edited`);
      }
    }
    assert.deepEqual(JSON.parse(core.instances[0].readAll('files')).items, JSON.parse(JSON.stringify(model.items)));
    assert.deepEqual(core.errors, []);
  });
}

/** Counts the calls of a core's present instance that read a whole slice. */
function countWholeReads(core) {
  const module = core.instances.at(-1);
  const { readAll } = module;
  const counted = { calls: 0 };
  module.readAll = (slice) => { counted.calls++; return readAll(slice); };
  return counted;
}

for (let seed = 1; seed <= 10; seed++) {
  test(`items read one by one are right, and read nothing else, seed ${seed}`, async (t) => {
    const random = randomFrom(seed * 77);
    const core = await openCore(t, { storage: seed % 2 ? 'memory' : 'indexeddb' });
    const whole = countWholeReads(core);
    const model = new Model();
    let seen = new Map();
    for (let round = 0; round < 200; round++) {
      const edited = step(random, core, model);
      const some = ids.filter(() => random.below(2) === 0);
      for (const id of some) {
        const item = core.read('files', id);
        assert.deepEqual(item, model.items.find((other) => other.id === id), `round ${round}: ${id}`);
        if (item !== undefined && seen.has(id) && !edited.has(id)) assert.equal(item, seen.get(id), `round ${round}: ${id} was not edited`);
        assert.equal(core.read('files', id), item, 'a second read gives the same object');
      }
      seen = new Map(some.map((id) => [id, core.read('files', id)]));
    }
    assert.equal(whole.calls, 0);
    const known = new Map(ids.map((id) => [id, core.read('files', id)]));
    const items = core.getState().files.files;
    assert.equal(whole.calls, 1);
    assert.deepEqual(items, model.items);
    for (const item of items) assert.equal(item, known.get(item.id), 'what was read before keeps its identity');
    assert.deepEqual(core.errors, []);
  });
}

test('whoever reads many items is given the slice', async (t) => {
  const core = await openCore(t);
  const many = Array.from({ length: 1000 }, (_, index) => file(`f${index}`));
  core.dispatch({ type: 'files/setItems', payload: many });
  const whole = countWholeReads(core);
  const first = core.read('files', 'f0');
  for (const { id } of many) assert.deepEqual(core.read('files', id), file(id));
  assert.equal(whole.calls, 1);
  assert.equal(core.read('files', 'f0'), first);
  for (const id of ['', 'absent', '\ud800', 'f0 ']) assert.equal(core.read('files', id), undefined);
  assert.equal(core.read('files', undefined), undefined);
});

test('what is no id of an item reads nothing of a slice that is not loaded', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/addFile', payload: file('\ufffd') });
  for (const id of ['', '\ud800', undefined, null, 7]) assert.equal(core.read('files', id), undefined, String(id));
  assert.deepEqual(core.read('files', '\ufffd'), file('\ufffd'));
});

test('items that were read one by one keep their identity when the instance is replaced', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb', onError: () => {} });
  core.dispatch({ type: 'files/setItems', payload: [file('a'), file('b')] });
  const kept = core.read('files', 'a');
  core.dispatch({ type: 'files/updateItem', payload: { id: 'b', content: 'new' } });
  const { coreTrap } = core.instances[0];
  coreTrap(new Error('a trap'));
  await until(() => core.status().phase === 'ready' && core.status().runtime.restarts === 1);
  const whole = countWholeReads(core);
  assert.equal(core.read('files', 'a'), kept);
  assert.equal(core.read('files', 'b').content, 'new');
  assert.equal(whole.calls, 0);
});

test('items that were not edited keep their identity through every verb', async (t) => {
  const core = await openCore(t);
  core.dispatch({ type: 'files/setItems', payload: ['a', 'b', 'c', 'd'].map((id) => file(id)) });
  const kept = core.read('files', 'a');
  for (const action of [
    { type: 'files/updateItem', payload: { id: 'b', content: '1' } }, { type: 'files/addFile', payload: file('e') },
    { type: 'files/removeItem', payload: 'c' }, { type: 'files/addItems', payload: [file('b'), file('f')] }, { type: 'files/setActiveFile', payload: 'a' },
  ]) {
    core.dispatch(action);
    assert.equal(core.read('files', 'a'), kept, action.type);
    assert.equal(core.getState().files.files[0], kept, action.type);
  }
});

/** All nodes of a tree by path. */
function* nodesOf(node, path = 'root') {
  yield [path, node];
  for (const [index, child] of (node.children ?? []).entries()) yield* nodesOf(child, `${path}.${index}`);
}

for (let seed = 1; seed <= 10; seed++) {
  test(`random edits of tree nodes share structure, seed ${seed}`, async (t) => {
    const random = randomFrom(seed * 1000);
    const core = await openCore(t);
    let made = 0;
    const grow = (depth) => ({ id: `n${made++}`, type: 'div', props: { n: made }, children: depth === 0 ? [] : Array.from({ length: 1 + random.below(3) }, () => grow(depth - 1)) });
    core.dispatch({ type: 'componentTrees/addTree', payload: tree('t', { root: grow(4) }) });
    for (let round = 0; round < 60; round++) {
      const before = new Map(nodesOf(core.read('componentTrees', 't').root));
      const nodeId = `n${random.below(made)}`;
      const updates = random.below(5) === 0 ? { children: [grow(1)] } : { props: { round }, type: random.pick(['p', 'span']) };
      core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId, updates } });
      const target = [...before].find(([, node]) => node.id === nodeId)?.[0];
      for (const [path, node] of nodesOf(core.read('componentTrees', 't').root)) {
        const touched = target !== undefined && (target === path || target.startsWith(`${path}.`) || path.startsWith(`${target}.`));
        if (!touched) assert.equal(node, before.get(path), `round ${round}, ${path}`);
        if (path === target) assert.deepEqual(node, { ...before.get(path), ...updates });
      }
    }
    assert.deepEqual(JSON.parse(core.instances[0].read('componentTrees', 't')), core.read('componentTrees', 't'));
  });
}

test('a slice read late looks as if it had been read early', async (t) => {
  const early = await openCore(t);
  const late = await openCore(t);
  early.getState().files;
  for (const core of [early, late]) {
    const random = randomFrom(7);
    for (let round = 0; round < 100; round++) core.dispatch({ type: random.pick(['files/addFile', 'files/updateItem']), payload: randomFile(random) });
    core.dispatch({ type: 'files/removeItem', payload: 'a' });
  }
  assert.deepEqual(late.getState().files, early.getState().files);
});
