// Whether a store holds what it was told. A figure without this would be worth nothing.

const kFields = ['id', 'name', 'path', 'language', 'content', 'updatedAt'];

export class WrongValue extends Error {
  name = 'WrongValue';
}

const shown = (value) => (JSON.stringify(value) ?? 'undefined').slice(0, 160);

/** Throws unless the item has every field of the expected one. */
export function verifyItem(got, expected) {
  const wrong = kFields.find((field) => got?.[field] !== expected[field]);
  if (wrong !== undefined) throw new WrongValue(`${expected.id}: ${wrong} is ${shown(got?.[wrong])}, not ${shown(expected[wrong])}`);
}

/** Throws unless the store (`get`, `size`) holds exactly the expected items, a Map by id. */
export function verifyItems(store, expected) {
  if (store.size() !== expected.size) throw new WrongValue(`${store.size()} items, not ${expected.size}`);
  for (const [id, item] of expected) verifyItem(store.get(id), item);
}

/** Throws unless both trees are equal node by node. */
export function verifyTree(got, expected) {
  const wrong = got?.id !== expected.id || got.type !== expected.type || got.children.length !== expected.children.length
    || Object.keys(expected.props).some((name) => got.props[name] !== expected.props[name])
    || Object.keys(got.props).length !== Object.keys(expected.props).length;
  if (wrong) throw new WrongValue(`node ${expected.id}: ${shown(got?.props)}, not ${shown(expected.props)}`);
  expected.children.forEach((child, index) => verifyTree(got.children[index], child));
}

/**
 * For stores with immutable states: after an edit of one node only that node and the nodes above it may be new objects,
 * and these must be. Throws otherwise.
 */
export function verifyIdentity(before, after, changedId) {
  const compare = (left, right) => {
    const below = right.children.map((child, index) => compare(left.children[index], child));
    const isOnPath = right.id === changedId || below.includes(true);
    if (isOnPath && left === right) throw new WrongValue(`${right.id} changed, but is the same object`);
    if (!isOnPath && left !== right) throw new WrongValue(`${right.id} is a new object, though only ${changedId} changed`);
    return isOnPath;
  };
  compare(before, after);
}
