// What a run consists of: one job is one sample of one store.
import { readdirSync } from 'node:fs';

const storesIn = (folder) => readdirSync(new URL(`../stores/${folder}/`, import.meta.url)).map((file) => file.replace(/\.mjs$/, '')).sort();

/** Stores without a list of items, or without a tree. */
const kOnlyTree = ['redux-toolkit-path'];
const kOnlyItems = ['codeforge-core-list'];
/** Takes minutes with so many. */
const kAtMost = { 'tinybase-mergeable': 10_000 };

/** Ours and the limits are in every run: figures mean something only beside them. */
export const isAlways = (store) => /^(codeforge-core|plain-map|raw-)/.test(store);

const kItems = 10_000;

/**
 * The jobs of one repetition, not yet in their random order: `{part, store, task, count}`.
 * @param {{parts: string[], only?: string[], counts: number[]}} options
 */
export function jobsOf({ parts, only, counts }) {
  const known = [...storesIn('memory'), ...storesIn('durable')];
  for (const store of only ?? []) if (!known.includes(store)) throw new Error(`there is no store "${store}"; known: ${[...new Set(known)].join(', ')}`);
  const chosen = (folder) => storesIn(folder).filter((store) => !only || only.includes(store) || isAlways(store));
  const jobs = [];
  const node = (store, task, count) => jobs.push({ part: 'node', store, task, count });
  if (parts.includes('node')) {
    for (const store of chosen('memory')) {
      if (!kOnlyTree.includes(store)) for (const count of counts) if (count <= (kAtMost[store] ?? Infinity)) node(store, 'items', count);
      if (!kOnlyItems.includes(store)) node(store, 'tree', kItems);
      if (![...kOnlyTree, ...kOnlyItems].includes(store)) node(store, 'memory', kItems);
    }
  }
  if (parts.includes('browser')) for (const store of chosen('durable')) jobs.push({ part: 'browser', store, task: 'durable', count: kItems });
  return jobs;
}
