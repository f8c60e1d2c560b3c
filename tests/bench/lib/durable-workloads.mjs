// The workloads on disk, in the page: what a first visit saves, and what the next visit finds. See README.md for the adapters.
import { copied, itemsAfter, kFirstTime, makeEdits, makeItems } from './workload.mjs';
import { median, quantile } from './statistics.mjs';
import { verifyItem, verifyItems, WrongValue } from './verify.mjs';

/** `singles` changes one by one after `warm` that do not count, then `bursts` of `burst` after one that does not count. */
export const kFullSizes = { count: 10_000, warm: 5, singles: 100, bursts: 10, burst: 100, idleMs: 20 };
export const kTinySizes = { count: 60, warm: 1, singles: 12, bursts: 2, burst: 10, idleMs: 1 };

const now = () => performance.now();
const idle = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const editsOf = (items, { warm, singles, bursts, burst }) => makeEdits(items, warm + singles + (1 + bursts) * burst);

/** Both visits make the same items and edits from the same sizes. */
const prepared = (sizes) => {
  const items = makeItems(sizes.count);
  return { items, edits: editsOf(items, sizes) };
};

/** Memory shows the edits from `from` to `to`; the disk is checked by the next visit. */
function verifyShown(store, items, edits, from, to) {
  const expected = itemsAfter(items, edits.slice(0, to));
  for (const { id } of edits.slice(from, to)) verifyItem(store.get(id), expected.get(id));
}

/** W4, W3 and W3b, on an empty profile. Times in milliseconds. */
export async function firstVisit(adapter, sizes = kFullSizes) {
  const { items, edits } = prepared(sizes);
  const store = await adapter.open();
  verifyItems(store, new Map());
  const fresh = copied(items);
  adapter.prepare?.(items);
  await idle(sizes.idleMs);

  let begun = now();
  await store.saveAll(fresh);
  const W4 = now() - begun;
  verifyItems(store, itemsAfter(items, []));

  const singles = [];
  let made = 0;
  for (; made < sizes.warm + sizes.singles; made++) {
    const { id, changes } = edits[made];
    begun = now();
    await store.change(id, changes);
    if (made >= sizes.warm) singles.push(now() - begun);
  }
  verifyShown(store, items, edits, 0, made);

  const bursts = [];
  for (let round = 0; round <= sizes.bursts; round++) {
    const some = edits.slice(made, made + sizes.burst);
    await idle(sizes.idleMs);
    begun = now();
    await store.changeMany(some);
    if (round > 0) bursts.push(now() - begun);
    verifyShown(store, items, edits, made, made += sizes.burst);
  }
  await store.finish?.();
  return { figures: { W3: median(singles), W3p95: quantile(singles, 0.95), W3b: median(bursts), W4 } };
}

/** W5: from the start to one item read, and to all items read as objects. Then everything is compared. */
export async function nextVisit(adapter, sizes = kFullSizes) {
  const { items, edits } = prepared(sizes);
  const expected = itemsAfter(items, edits);
  const wanted = [...expected.values()].reduce((sum, { content, updatedAt }) => sum + content.length + (updatedAt - kFirstTime), 0);
  const one = items[items.length >> 1].id;

  const begun = now();
  const store = await adapter.open();
  // A raw limit has only bytes then, and parses them for the first read.
  if (!adapter.isBytes) verifyItem(store.get(one), expected.get(one));
  const usable = now() - begun;
  let sum = 0;
  for (const { id } of items) {
    const item = store.get(id);
    sum += item.content.length + (item.updatedAt - kFirstTime);
  }
  const all = now() - begun;
  if (sum !== wanted) throw new WrongValue(`the items read sum up to ${sum}, not ${wanted}`);
  verifyItems(store, expected);
  return { figures: { usable, all } };
}
