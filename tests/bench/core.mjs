// What the core costs in Node, in memory, through its public API. Prints medians with their ranges.
// The machine's load matters: compare figures of one run with one another, not across machines.
import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createCore, files } from './lib/product.mjs';

const kRounds = 5;
const line = 'const total = items.reduce((sum, item) => sum + item.price, 0);\n';
const item = (index) => ({
  id: `file-${index}`, name: `n${index}.ts`, path: `/src/n${index}.ts`, language: 'typescript', content: line.repeat(14) + index, updatedAt: index,
});
const items = (count) => Array.from({ length: count }, (_, index) => item(index));

let stores = 0;
const open = () => createCore({ name: `bench-${++stores}`, storage: 'memory' });

/** Runs `round` kRounds times; it answers a figure. */
async function measure(name, unit, round) {
  const figures = [];
  for (let i = 0; i < kRounds; i++) figures.push(await round(i));
  figures.sort((a, b) => a - b);
  const text = (value) => (value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en'));
  console.log(`${name.padEnd(58)}${text(figures[kRounds >> 1]).padStart(12)} ${unit.padEnd(8)} (${text(figures[0])} to ${text(figures[kRounds - 1])})`);
}

async function edits(count) {
  const core = await open();
  core.dispatch(files.addItems(items(count)));
  let seen;
  let id;
  core.subscribe(() => { seen = core.read('files', id); });
  core.read('files', 'file-0');
  let step = 0;
  await measure(`change one 1 kB item among ${count.toLocaleString('en')}, subscriber reads it`, 'edits/s', () => {
    const until = performance.now() + 400;
    const begun = performance.now();
    let made = 0;
    for (; performance.now() < until; made++) {
      step++;
      id = `file-${(step * 7919) % count}`;
      core.dispatch(files.updateItem({ id, content: line.repeat(14) + step, updatedAt: step }));
      assert.equal(seen.updatedAt, step);
    }
    return (made / (performance.now() - begun)) * 1000;
  });
  await core.close();
}

async function nodes() {
  const core = await open();
  let made = 0;
  const grow = (depth) => ({
    id: `n${made++}`, type: 'div', props: { className: `level-${depth}` },
    children: depth === 8 ? [] : Array.from({ length: depth === 0 ? 4 : 3 }, () => (made < 10_000 ? grow(depth + 1) : null)).filter(Boolean),
  });
  core.dispatch({ type: 'componentTrees/addTree', payload: { id: 't', name: 'T', root: grow(0), updatedAt: 1 } });
  core.getState().componentTrees.trees;
  let step = 0;
  await measure(`change one of ${made.toLocaleString('en')} nodes of a tree`, 'edits/s', () => {
    const begun = performance.now();
    for (let i = 0; i < 20_000; i++) {
      step++;
      core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: `n${(step * 7919) % made}`, updates: { props: { step } } } });
    }
    return (20_000 / (performance.now() - begun)) * 1000;
  });
  await core.close();
}

async function loads() {
  await measure('JSON.stringify of 10,000 items of 1 kB', 'ms', () => {
    const list = items(10_000);
    const begun = performance.now();
    JSON.stringify(list);
    return performance.now() - begun;
  });
  await measure('setItems of the same', 'ms', async () => {
    const core = await open();
    core.getState().files.files;
    const list = items(10_000);
    const begun = performance.now();
    core.dispatch(files.setItems(list));
    const taken = performance.now() - begun;
    assert.equal(core.getState().files.files.length, 10_000);
    await core.close();
    return taken;
  });
}

async function reads() {
  const core = await open();
  const list = items(10_000);
  core.dispatch(files.setItems(list));
  const map = new Map(list.map((entry) => [entry.id, entry]));
  const ids = list.map(({ id }) => id);
  core.read('files', ids[0]);
  const time = (get) => {
    const begun = performance.now();
    let found = 0;
    for (let round = 0; round < 20; round++) for (const id of ids) found += get(id) === undefined ? 0 : 1;
    assert.equal(found, 20 * ids.length);
    return ((performance.now() - begun) / found) * 1e6;
  };
  await measure('Map.get of one of 10,000', 'ns', () => time((id) => map.get(id)));
  await measure('core.read of the same', 'ns', () => time((id) => core.read('files', id)));
  await core.close();
}

console.log(`Node ${process.version}, load ${loadavg()[0].toFixed(2)} at the start, median of ${kRounds} (lowest to highest)`);
for (const count of [100, 10_000, 100_000]) await edits(count);
await nodes();
await loads();
await reads();
console.log(`load ${loadavg()[0].toFixed(2)} at the end`);
