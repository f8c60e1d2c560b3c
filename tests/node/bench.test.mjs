// The benchmark's harness on tiny sizes: our own store passes every check, every fault that is planted fails one.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { firstVisit, kTinySizes, nextVisit } from '../bench/lib/durable-workloads.mjs';
import { kDurableFaults, kItemFaults, kTreeFaults } from '../bench/lib/faults.mjs';
import { itemWorkloads, kTinyTimes, memoryWorkload, treeWorkload } from '../bench/lib/memory-workloads.mjs';
import { readOptions } from '../bench/lib/options.mjs';
import { kMarks } from '../bench/lib/output.mjs';
import { plot } from '../bench/lib/plot.mjs';
import { Progress } from '../bench/lib/progress.mjs';
import { markdown } from '../bench/lib/report.mjs';
import { Series } from '../bench/lib/series.mjs';
import { makeItems, makeNodeEdits, makeTree, nodesById } from '../bench/lib/workload.mjs';
import ours from '../bench/stores/memory/codeforge-core.mjs';
import ourList from '../bench/stores/memory/codeforge-core-list.mjs';
import plain from '../bench/stores/memory/plain-map.mjs';
import ourDurable from '../bench/stores/durable/codeforge-core.mjs';

/** Runs `use` with the adapter, and closes every store that it left open: a workload that fails does not. */
async function closing(adapter, use) {
  const stores = [];
  const kept = (name) => async (...given) => {
    const store = await adapter[name](...given);
    stores.push(store);
    return store;
  };
  try {
    return await use({ ...adapter, open: kept('open'), openTree: kept('openTree') });
  } finally {
    for (const store of stores) await store.close?.();
  }
}

const items = (adapter) => closing(adapter, (used) => itemWorkloads(used, 60, kTinyTimes));
const tree = (adapter) => closing(adapter, (used) => treeWorkload(used, 300, kTinyTimes));
const wrong = (error) => error.name === 'WrongValue';

/** Both visits, with the database of this test alone; a page that goes away is a close here. */
async function visits(adapter) {
  globalThis.indexedDB = new IDBFactory();
  const first = await closing(adapter, (used) => firstVisit(used, kTinySizes));
  const next = await closing(adapter, (used) => nextVisit(used, kTinySizes));
  return { ...first.figures, ...next.figures };
}

function assertFigures(figures, names) {
  assert.deepEqual(Object.keys(figures).sort(), [...names].sort());
  for (const name of names) assert.ok(figures[name] > 0 && Number.isFinite(figures[name]), `${name} is ${figures[name]}`);
}

test('the same arguments make the same items, and a round of edits meets no node twice', () => {
  assert.deepEqual(makeItems(20), makeItems(20));
  assert.notDeepEqual(makeItems(20, 1), makeItems(20, 2));
  const bytes = JSON.stringify(makeItems(500)).length / 500;
  assert.ok(bytes > 900 && bytes < 1300, `${bytes} bytes an item`);
  const root = makeTree(500);
  assert.equal(nodesById(root).size, 500);
  assert.equal(root.children.length, 4);
  assert.equal(new Set(makeNodeEdits(root, 500).map(({ id }) => id)).size, 500);
});

test('our store and the plain one pass in memory', async () => {
  for (const adapter of [ours, ourList, plain]) assertFigures(await items(adapter), ['W1', 'W2bulk', 'W2one', 'read', 'stringify', 'reached']);
  for (const adapter of [ours, plain]) {
    assertFigures(await tree(adapter), ['W6']);
    assert.ok(Number.isFinite((await memoryWorkload(adapter, 100)).memory));
  }
});

test('our store passes on disk', async () => {
  assertFigures(await visits(ourDurable), ['W3', 'W3p95', 'W3b', 'W4', 'usable', 'all']);
});

for (const [what, plant] of Object.entries(kItemFaults)) {
  test(`rejected: ${what}`, () => assert.rejects(() => items(plant(ours)), wrong));
}
for (const [what, plant] of Object.entries(kTreeFaults)) {
  test(`rejected in a tree: ${what}`, () => assert.rejects(() => tree(plant(ours)), wrong));
}
for (const [what, plant] of Object.entries(kDurableFaults)) {
  test(`rejected on disk: ${what}`, () => assert.rejects(() => visits(plant(ourDurable)), wrong));
}

test('ratios are of the same repetition, and a missing sample is left out', () => {
  const series = new Series();
  series.add('W1@100', 'a', 0, 10);
  series.add('W1@100', 'b', 0, 5);
  series.add('W1@100', 'a', 2, 40);
  series.add('W1@100', 'b', 1, 1);
  assert.equal(series.ratio('W1@100', 'a', 'b'), 2);
  assert.deepEqual(series.figure('W1@100', 'a'), { median: 25, least: 10, most: 40 });
  assert.equal(series.figure('W1@100', 'c'), undefined);
  assert.equal(series.ratio('W1@100', 'a', 'c'), undefined);
});

const about = {
  measuredAt: '2025-01-02T03:04:05Z', version: '1.2.3', commit: 'abc', cpu: 'some', cores: 2, node: 'v20', chromium: '1', load: { median: 1, least: 1, most: 2 },
  repetitions: 2, seconds: 60, leftOut: 0, failures: [],
};

test('tables and plot say what was measured, and where ours is worse', () => {
  const series = new Series();
  for (const [store, rates] of Object.entries({ 'codeforge-core': [100, 200], 'yjs': [50, 50], 'plain-map': [1000, 4000] })) {
    rates.forEach((rate, repetition) => series.add('W1@10000', store, repetition, rate));
  }
  series.add('W3', 'codeforge-core', 0, 2);
  series.add('W3', 'dexie', 0, 1);
  const text = markdown(about, series, { 'codeforge-core': { minified: 300_000, gzip: 119_000 } });
  assert.match(text, /\| Yjs \| 50 ×3 \|/);
  assert.match(text, /\| limit: plain Map \| 2500 \(1000–4000\) ×0\.075 \|/);
  assert.match(text, /\| W1 at 10,000 items: ahead of Yjs \| yes \| 3\.0 times as good as Yjs \|/);
  assert.match(text, /\| W3: ahead of Dexie \| \*\*no\*\* \| 2\.0 times worse than Dexie \|/);
  assert.match(text, /\| package: at most 120 kB \| yes \| 119\.0 kB \|/);
  assert.ok(text.indexOf('| limit: plain Map') < text.indexOf('| **CodeForge Core**') && text.indexOf('| **CodeForge Core**') < text.indexOf('| Yjs'), 'the best comes first');
  const image = plot(about, series);
  assert.match(image, /^<svg [^>]*viewBox="0 0 \d+ \d+"/);
  assert.doesNotMatch(image, /NaN|undefined|Infinity/);
  assert.equal(image.match(/class="bar better"/g).length, 2);
  assert.equal(image.match(/class="bar worse"/g).length, 1);
  assert.equal(plot(about, new Series()), undefined);
});

test('the time left is that of the jobs that are left, as long as they took before', () => {
  const jobs = ['a', 'b'].map((store) => ({ part: 'node', store, task: 'items', count: 100 }));
  const again = jobs.map((job) => ({ ...job }));
  const progress = new Progress([jobs, again]);
  progress.begin(jobs);
  progress.took(jobs[0], 10);
  assert.equal(progress.estimate(), 10);
  progress.took(jobs[1], 30);
  assert.equal(progress.estimate(), 0);
  assert.equal(progress.estimate(again), 40);
  assert.match(progress.line(jobs[1], 30, 1.5), /^\[2\/4\] b items 100 .* 40 s left$/);
});

test('README.md has the place for the results', () => {
  const page = readFileSync(new URL('../bench/README.md', import.meta.url), 'utf8');
  assert.ok(page.indexOf(kMarks[0]) > 0 && page.indexOf(kMarks[1]) > page.indexOf(kMarks[0]));
});

test('options that make no sense are named', () => {
  assert.throws(() => readOptions(['--reps', 'many']), /--reps is "many"/);
  assert.throws(() => readOptions(['--part', 'moon']), /--part is "moon"/);
  assert.equal(readOptions([]).isFull, true);
  assert.equal(readOptions(['--only', 'yjs']).isFull, false);
});

test('the lock file of the peers leaves the registry to the machine', () => {
  assert.doesNotMatch(readFileSync(new URL('../bench/package-lock.json', import.meta.url), 'utf8'), /"resolved": "\w+:/);
});
