// The workloads: what each figure is, which direction is better, and which raw limit it is compared with.

/**
 * @typedef {{key: string, title: string, unit: 'per second' | 'ms' | 'ns' | 'times' | 'MB', limit: string}} Workload
 * `key` as in results.json; `limit` is the store that does no more than the platform must.
 */

const at = (count) => count.toLocaleString('en');
const perCount = (key, title, unit) => [100, 1000, 10_000, 100_000].map((count) => ({ key: `${key}@${count}`, title: title(at(count)), unit, limit: 'plain-map' }));

/** @type {Record<string, {title: string, note: string, workloads: Workload[], sortBy: string}>} */
export const kTables = {
  W1: {
    title: 'W1: change one 1 kB item among N, a subscriber reads it (changes per second)',
    workloads: perCount('W1', (count) => `N = ${count}`, 'per second'), sortBy: 'W1@10000',
  },
  W2bulk: { title: 'W2: N items into an empty store at once (ms)', workloads: perCount('W2bulk', (count) => `N = ${count}`, 'ms'), sortBy: 'W2bulk@10000' },
  W2one: {
    title: 'W2: N items one by one, each with its notice (items per second)',
    workloads: perCount('W2one', (count) => `N = ${count}`, 'per second'), sortBy: 'W2one@10000',
    note: '† stopped before all items were in, at a smaller store than the others reached; the rate for all of them is lower.',
  },
  rest: {
    title: 'W6: change one node of a tree of 10,000; a read of one of 10,000 items read before; memory of 10,000 items, all read',
    workloads: [
      { key: 'W6', title: 'W6 (changes per second)', unit: 'per second', limit: 'plain-map' },
      { key: 'read@10000', title: 'cached read (ns)', unit: 'ns', limit: 'plain-map' },
      { key: 'memory', title: 'memory (times the JSON)', unit: 'times', limit: 'plain-map' },
    ],
    sortBy: 'W6',
  },
  durable: {
    title: 'W3: one change of 10,000 items until it is durable; W3b: a burst of 100 (ms, real Chromium)',
    workloads: [
      { key: 'W3', title: 'W3 median', unit: 'ms', limit: 'raw-item' },
      { key: 'W3p95', title: 'W3 95th percentile', unit: 'ms', limit: 'raw-item' },
      { key: 'W3b', title: 'W3b', unit: 'ms', limit: 'raw-item' },
    ],
    sortBy: 'W3',
  },
  start: {
    title: 'W4: first save of 10,000 items; W5: from the start until one item can be read, and until all were read (ms, real Chromium)',
    workloads: [
      { key: 'W4', title: 'W4', unit: 'ms', limit: 'raw-bytes' },
      { key: 'W5usable', title: 'W5 usable, after a reload', unit: 'ms', limit: 'raw-bytes' },
      { key: 'W5all', title: 'W5 all read, after a reload', unit: 'ms', limit: 'raw-bytes' },
      { key: 'W5coldUsable', title: 'W5 usable, after a restart of the browser', unit: 'ms', limit: 'raw-bytes' },
      { key: 'W5coldAll', title: 'W5 all read, after a restart', unit: 'ms', limit: 'raw-bytes' },
      { key: 'disk', title: 'on disk (MB)', unit: 'MB', limit: 'raw-bytes' },
    ],
    sortBy: 'W5all',
  },
};

/** How a store is called in tables and plots. */
export const kNames = {
  'codeforge-core': 'CodeForge Core', 'codeforge-core-list': 'CodeForge Core, whole list', 'codeforge-core-strict': 'CodeForge Core, strict', 'codeforge-core-sealed': 'CodeForge Core, encrypted',
  'plain-map': 'limit: plain Map', 'redux-toolkit': 'Redux Toolkit', 'redux-toolkit-path': 'Redux Toolkit, path found first', 'zustand': 'Zustand',
  'tinybase': 'TinyBase', 'tinybase-mergeable': 'TinyBase, mergeable', 'mobx': 'MobX', 'legend-state': 'Legend-State', 'valtio': 'Valtio', 'yjs': 'Yjs',
  'raw-item': 'limit: item records', 'raw-item-strict': 'limit: item records, strict', 'raw-bytes': 'limit: one record of bytes',
  'idb': 'idb', 'dexie': 'Dexie', 'rxdb': 'RxDB', 'pouchdb': 'PouchDB', 'pouchdb-indexeddb': 'PouchDB, indexeddb', 'redux-persist': 'redux-persist',
};

export const kOurs = 'codeforge-core';
export const isLess = ({ unit }) => unit !== 'per second';
/** How many times better ours was than another store, the median over the repetitions; below 1: worse. undefined when they never met. */
export function timesBetter(series, key, store) {
  return isLess(workloadOf(key)) ? series.ratio(key, store, kOurs) : series.ratio(key, kOurs, store);
}

export const workloadOf = (key) => Object.values(kTables).flatMap(({ workloads }) => workloads).find((workload) => workload.key === key);
