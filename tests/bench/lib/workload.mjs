// What every store is given. The same arguments make the same items, edits and trees, in Node and in the browser.

/** Every item's first updatedAt is this plus its index; edits are later. Unix time in milliseconds. */
export const kFirstTime = 1_700_000_000_000;
const kFirstEditTime = kFirstTime + 1_000_000_000;

/** Edits of nodes come in rounds in which no node occurs twice, so that comparing after a round finds every lost edit. */
export const kRound = 2000;

/** Numbers in [0, 1), the same for the same seed (xorshift32). */
export function randomFrom(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

const kNouns = ['button', 'panel', 'route', 'query', 'session', 'cart', 'price', 'order', 'invoice', 'chart', 'token', 'layout', 'dialog', 'field', 'cursor', 'theme'];
const kVerbs = ['load', 'save', 'render', 'select', 'merge', 'measure', 'open', 'close', 'filter', 'sort', 'update', 'remove', 'validate', 'format'];
const kLanguages = ['typescript', 'javascript', 'css', 'html', 'json', 'markdown'];
const kNodeTypes = ['Box', 'Text', 'Button', 'Image', 'Stack', 'Card'];

const oneOf = (random, list) => list[Math.floor(random() * list.length)];
const below = (random, limit) => Math.floor(random() * limit);

function codeLine(random) {
  const indent = '  '.repeat(below(random, 4));
  const [noun, other] = [oneOf(random, kNouns), oneOf(random, kNouns)];
  switch (below(random, 3)) {
    case 0: return `${indent}const ${noun} = ${oneOf(random, kVerbs)}(${other}, ${below(random, 1e6)});`;
    case 1: return `${indent}if (${noun}.${other} !== "${oneOf(random, kVerbs)}") return ${below(random, 1000)};`;
    default: return `${indent}${noun}.${oneOf(random, kVerbs)}({ ${other}: '${oneOf(random, kNouns)}', at: ${below(random, 1e5)} });`;
  }
}

/** 600 to about 1,200 characters of lines that look like code, with quotes and line breaks to escape. */
function makeContent(random) {
  const least = 600 + below(random, 560);
  let text = codeLine(random);
  while (text.length < least) text += `\n${codeLine(random)}`;
  // One flat string: what was built by appending would be flattened by the first store that reads it.
  return JSON.parse(JSON.stringify(text));
}

/** `[{id, name, path, language, content, updatedAt}]`, each about 1.1 kB as JSON. */
export function makeItems(count, seed = 1) {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => {
    const name = `${oneOf(random, kVerbs)}-${oneOf(random, kNouns)}-${index}.ts`;
    return {
      id: `file-${String(index).padStart(6, '0')}`,
      name,
      path: `/src/${oneOf(random, kNouns)}/${name}`,
      language: oneOf(random, kLanguages),
      content: makeContent(random),
      updatedAt: kFirstTime + index,
    };
  });
}

/** Objects of their own: stores freeze, wrap or change what they are given. */
export const copied = (items) => items.map((item) => ({ ...item }));

/** `[{id, changes: {content, updatedAt}}]` of random items; updatedAt rises with every edit. */
export function makeEdits(items, count, seed = 2) {
  const random = randomFrom(seed);
  const contents = Array.from({ length: 256 }, () => makeContent(random));
  return Array.from({ length: count }, (_, index) => ({
    id: items[below(random, items.length)].id,
    changes: { content: contents[(index * 7 + below(random, 7)) % 256], updatedAt: kFirstEditTime + index },
  }));
}

/** The items after the edits, as a Map by id; made without any store. */
export function itemsAfter(items, edits) {
  const after = new Map(items.map((item) => [item.id, item]));
  for (const { id, changes } of edits) after.set(id, { ...after.get(id), ...changes });
  return after;
}

/** A tree of `{id, type, props: {text, width, visible}, children}`: four children at the root, three elsewhere, level by level. */
export function makeTree(count, seed = 3) {
  const random = randomFrom(seed);
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `node-${index}`,
    type: oneOf(random, kNodeTypes),
    props: { text: `${oneOf(random, kVerbs)} ${oneOf(random, kNouns)}`, width: below(random, 1200), visible: random() < 0.9 },
    children: [],
  }));
  for (let index = 1; index < count; index++) nodes[index <= 4 ? 0 : Math.floor((index - 2) / 3)].children.push(nodes[index]);
  return nodes[0];
}

/** Every node of a tree by its id. */
export function nodesById(root, found = new Map()) {
  found.set(root.id, root);
  for (const child of root.children) nodesById(child, found);
  return found;
}

/**
 * `[{id, changed, whole}]`: `changed` are the props that change, `whole` all props of the node afterwards
 * (what a panel of properties has in hand). Within a round of kRound no node occurs twice.
 */
export function makeNodeEdits(root, count, seed = 4) {
  const random = randomFrom(seed);
  const props = new Map([...nodesById(root)].map(([id, node]) => [id, node.props]));
  const ids = [...props.keys()];
  const round = Math.min(kRound, ids.length);
  return Array.from({ length: count }, (_, index) => {
    const at = index % round;
    const other = at + below(random, ids.length - at);
    [ids[at], ids[other]] = [ids[other], ids[at]];
    const id = ids[at];
    const changed = { text: `${oneOf(random, kNouns)} ${index}`, width: below(random, 1200) };
    const whole = { ...props.get(id), ...changed };
    props.set(id, whole);
    return { id, changed, whole };
  });
}
