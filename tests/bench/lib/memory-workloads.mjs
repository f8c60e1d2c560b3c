// The workloads in memory. Each takes a store's adapter (see README.md) and answers figures by the name of their workload.
import { copied, itemsAfter, kRound, makeEdits, makeItems, makeNodeEdits, makeTree, nodesById } from './workload.mjs';
import { median } from './statistics.mjs';
import { verifyIdentity, verifyItem, verifyItems, verifyTree, WrongValue } from './verify.mjs';

/** How long each measurement goes on, in milliseconds. Rates are measured for at least `least`, slow stores stop at `most`. */
export const kFullTimes = { leastMs: 400, leastEdits: 1, mostMs: 2500, treeMostMs: 4000, warmMs: 150 };
/** For tests: enough edits on the slowest machine, too. */
export const kTinyTimes = { leastMs: 5, leastEdits: 200, mostMs: 60_000, treeMostMs: 60_000, warmMs: 5 };

const now = () => performance.now();
const collect = () => globalThis.gc?.();

/** Calls `step(0)`, `step(1)`, … for `forMs` and `least` times, but not more than `most` times. Looks at the clock about every 10 ms only. */
function repeated(step, forMs, most = Infinity, least = 1) {
  let calls = 0;
  let batch = 1;
  let ms = 0;
  const begun = now();
  do {
    const end = Math.min(calls + batch, most);
    while (calls < end) step(calls++);
    ms = now() - begun;
    batch = Math.max(1, Math.min(batch * 2, Math.floor((calls / ms) * 10)));
  } while ((ms < forMs || calls < least) && calls < most);
  return { calls, ms };
}

const perSecond = ({ calls, ms }) => (calls / ms) * 1000;

/** A subscriber as a page has it: on each notice it reads the item that is being edited and looks whether it is the new one. */
function watched(store) {
  const seen = { id: '', changes: undefined, isRight: false, right: 0, notices: 0 };
  store.subscribe(() => {
    seen.notices++;
    const item = store.get(seen.id);
    seen.isRight = item !== undefined && item.updatedAt === seen.changes.updatedAt && item.content === seen.changes.content;
  });
  return seen;
}

/** The edit of call number `index`, with an updatedAt that no other edit has. */
const editAt = (edits, index) => {
  const { id, changes } = edits[index % edits.length];
  return { id, changes: { content: changes.content, updatedAt: index } };
};

function editing(store, edits) {
  const seen = watched(store);
  const step = (index) => {
    const { id, changes } = editAt(edits, index);
    seen.id = id;
    seen.changes = changes;
    seen.isRight = false;
    store.change(id, changes);
    if (seen.isRight) seen.right++;
  };
  return { seen, step };
}

async function opened(adapter, items = []) {
  const store = await adapter.open();
  if (items.length > 0) store.load(copied(items));
  return store;
}

/** Runs everything on other, small stores first, so that what is measured is compiled code. */
async function warmUp(adapter, { warmMs }) {
  const few = makeItems(100, 99);
  for (let i = 0; i < 10; i++) await (await opened(adapter, few)).close?.();
  const store = await opened(adapter, few);
  repeated(editing(store, makeEdits(few, 1000)).step, warmMs);
  await store.close?.();
  const other = await adapter.open();
  for (const item of copied(few)) other.insert(item);
  await other.close?.();
}

/** W2 all at once: items into an empty store, the median of several loads. Answers the last store, too. */
async function bulk(adapter, items, { leastMs, mostMs }) {
  const taken = [];
  let spent = 0;
  let store;
  while ((taken.length < 3 && spent < mostMs) || (spent < leastMs / 2 && taken.length < 50)) {
    await store?.close?.();
    store = await adapter.open();
    const list = copied(items);
    if (items.length >= 10_000) collect();
    const begun = now();
    store.load(list);
    taken.push(now() - begun);
    spent += taken.at(-1);
  }
  verifyItems(store, itemsAfter(items, []));
  return { ms: median(taken), store };
}

/** W2 one by one, with a subscriber. A slow store stops early; `reached` says where. */
async function oneByOne(adapter, items, { leastMs, mostMs }) {
  const total = { calls: 0, ms: 0 };
  let reached = items.length;
  for (let rounds = 0; rounds < 200 && total.ms < leastMs / 4; rounds++) {
    if (items.length >= 1000 || rounds === 0) collect();
    const store = await adapter.open();
    let notices = 0;
    store.subscribe(() => notices++);
    const list = copied(items);
    const run = repeated((index) => store.insert(list[index]), mostMs, items.length);
    if (notices < run.calls) throw new WrongValue(`${notices} notices for ${run.calls} inserts`);
    verifyItems(store, itemsAfter(items.slice(0, run.calls), []));
    await store.close?.();
    total.calls += run.calls;
    total.ms += run.ms;
    reached = run.calls;
  }
  return { rate: perSecond(total), reached };
}

/** A read of an item that was read before, in nanoseconds. */
function cachedReads(store, expected, { leastMs }) {
  const ids = [...expected.keys()];
  const wanted = [...expected.values()].map(({ updatedAt }) => updatedAt);
  let right = 0;
  const round = () => {
    for (let index = 0; index < ids.length; index++) if (store.get(ids[index]).updatedAt === wanted[index]) right++;
  };
  round();
  right = 0;
  const run = repeated(round, leastMs / 4);
  if (right !== run.calls * ids.length) throw new WrongValue(`${right} of ${run.calls * ids.length} reads were right`);
  return ((run.ms / run.calls) * 1e6) / ids.length;
}

/** What the engine takes for the items' JSON: the yardstick for a load. */
function stringifyMs(items) {
  return median(Array.from({ length: 3 }, () => {
    const begun = now();
    JSON.stringify(items);
    return now() - begun;
  }));
}

/** W1, W2 and the cached read, of `count` items. */
export async function itemWorkloads(adapter, count, times = kFullTimes) {
  await warmUp(adapter, times);
  const items = makeItems(count);
  const edits = makeEdits(items, 20_000);
  const { ms: bulkMs, store } = await bulk(adapter, items, times);

  collect();
  const { seen, step } = editing(store, edits);
  const run = repeated(step, times.leastMs, Infinity, times.leastEdits);
  if (seen.right !== run.calls) throw new WrongValue(`the subscriber saw ${seen.right} of ${run.calls} edits`);
  // The edits repeat, each with a later time: of a fast store's millions only the last of each count.
  const from = Math.max(0, run.calls - edits.length);
  const expected = itemsAfter(items, Array.from({ length: run.calls - from }, (_, index) => editAt(edits, from + index)));
  verifyItems(store, expected);
  const readNs = cachedReads(store, expected, times);
  await store.close?.();

  const { rate, reached } = await oneByOne(adapter, items, times);
  return { W1: perSecond(run), W2bulk: bulkMs, W2one: rate, read: readNs, stringify: stringifyMs(items), reached };
}

/** W6: edits of one node of a tree by its id. The whole tree is compared after each round. */
export async function treeWorkload(adapter, count, times = kFullTimes) {
  const warm = await adapter.openTree(makeTree(200));
  for (const { id, changed, whole } of makeNodeEdits(makeTree(200), 300)) warm.change(id, changed, whole);
  await warm.close?.();

  const expected = makeTree(count);
  const nodes = nodesById(expected);
  const edits = makeNodeEdits(expected, 21 * kRound);
  const tree = await adapter.openTree(makeTree(count));
  const total = { calls: 0, ms: 0 };
  let notices = 0;
  tree.subscribe(() => notices++);
  const change = ({ id, changed, whole }) => tree.change(id, changed, whole);
  for (let rounds = 0; rounds < 20 && (rounds === 0 || total.ms < times.leastMs / 2); rounds++) {
    collect();
    const from = total.calls;
    const run = repeated((index) => change(edits[from + index]), times.treeMostMs, Math.min(kRound, count));
    total.calls += run.calls;
    total.ms += run.ms;
    for (const { id, whole } of edits.slice(from, total.calls)) nodes.get(id).props = whole;
    verifyTree(tree.root(), expected);
    if (notices < total.calls) throw new WrongValue(`${notices} notices for ${total.calls} edits of nodes`);
  }
  if (adapter.isImmutable) {
    const before = tree.root();
    const edit = edits[total.calls];
    change(edit);
    verifyIdentity(before, tree.root(), edit.id);
  }
  await tree.close?.();
  return { W6: perSecond(total) };
}

const heldBytes = () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/**
 * What a store of `count` items costs once all were read, in bytes for each byte of their JSON. Node counts the memory of
 * WebAssembly as external, so both halves of a store that has two are in it. Only in Node, with --expose-gc.
 */
export async function memoryWorkload(adapter, count) {
  const read = (store, items) => items.forEach((item) => verifyItem(store.get(item.id), item));
  const warm = await opened(adapter, makeItems(10, 99));
  const text = JSON.stringify(makeItems(count));
  const before = heldBytes();
  const store = await adapter.open();
  // Parsed anew: nothing of the items is shared with anything else.
  store.load(JSON.parse(text));
  read(store, JSON.parse(text));
  const after = heldBytes();
  if (store.size() !== count) throw new WrongValue(`${store.size()} items, not ${count}`);
  await store.close?.();
  await warm.close?.();
  return { memory: (after - before) / Buffer.byteLength(text) };
}
