// Bad input at dispatch: a clear error that names the place, or correct handling; nothing lost, nothing changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, openCore } from './support.mjs';

const nested = (depth) => {
  let value = 'end';
  for (let level = 0; level < depth; level++) value = { in: value };
  return value;
};
const cycle = { name: 'loop' };
cycle.self = cycle;
class Point { x = 1; }

const refused = [
  ['NaN', { props: { x: NaN } }, 'malformed-payload', /files\/addFile: payload\.props\.x is NaN/],
  ['Infinity in an array', { props: [1, [Infinity]] }, 'malformed-payload', /payload\.props\[1\]\[0\] is Infinity/],
  ['a function', { run: () => 1 }, 'malformed-payload', /payload\.run is a function/],
  ['a symbol', { tag: Symbol('x') }, 'malformed-payload', /payload\.tag is a symbol/],
  ['a bigint', { size: 10n }, 'malformed-payload', /payload\.size is a bigint/],
  ['a Date', { at: new Date() }, 'malformed-payload', /payload\.at is a Date/],
  ['a Map', { 'strange key': new Map() }, 'malformed-payload', /payload\["strange key"\] is a Map/],
  ['a class instance', { at: [new Point()] }, 'malformed-payload', /payload\.at\[0\] is a Point/],
  ['undefined in an array', { list: [1, undefined] }, 'malformed-payload', /payload\.list\[1\] is undefined/],
  ['a cycle', { cycle }, 'limit', /payload\.cycle\.self.*deeper than 200 levels, or contains itself/],
  ['10,000 levels', { deep: nested(10_000) }, 'limit', /deeper than 200/],
  ['20 MB', { content: 'x'.repeat(20 << 20) }, 'limit', /8388608 bytes/],
  ['no id', { id: undefined }, 'malformed-payload', /id/],
  ['a number as id', { id: 7 }, 'malformed-payload', /id/],
  ['an empty id', { id: '' }, 'malformed-payload', /id/],
  ['an id of 10,000 characters', { id: 'i'.repeat(10_000) }, 'limit', /512/],
  ['a name that is no string', { name: 5 }, 'malformed-payload', /payload\.name must be a string, it is a number/],
];

for (const [name, more, code, message] of refused) {
  test(`refused: ${name}`, async (t) => {
    const core = await openCore(t);
    core.dispatch(files.addFile(file('a')));
    const before = core.getState().files;
    const payload = { ...file('b'), ...more };
    const { error } = core.dispatch({ type: 'files/addFile', payload });
    assert.equal(error?.code, code, error?.message);
    assert.match(error.message, message);
    assert.equal(core.getState().files, before);
    assert.ok(!Object.isFrozen(payload), 'a refused payload is left as it was');
  });
}

test('payloads that are no items, no arrays, and actions that are no actions', async (t) => {
  const core = await openCore(t);
  for (const payload of [null, 1, 'text', [], [file('a')], true])
    assert.equal(core.dispatch({ type: 'files/addFile', payload }).error?.code, 'malformed-payload', JSON.stringify(payload));
  for (const payload of [null, 1, {}, [1], [null], [{}], [file('a'), { id: 3 }]])
    assert.equal(core.dispatch({ type: 'files/setFiles', payload }).error?.code, 'malformed-payload', JSON.stringify(payload));
  for (const action of [{}, { type: 5 }, { type: '' }, { type: 'a\0b' }]) assert.equal(core.dispatch(action).error?.code, 'unknown-action');
  assert.deepEqual(core.getState().files.files, []);
});

test('one bad item in a batch of a hundred refuses the batch whole and is named', async (t) => {
  const core = await openCore(t);
  const items = Array.from({ length: 100 }, (_, index) => file(`f${index}`));
  items[57] = { ...items[57], extra: { deep: [0, NaN] } };
  const { error } = core.dispatch(files.addItems(items));
  assert.match(error.message, /payload\[57\]\.extra\.deep\[1\] is NaN/);
  assert.deepEqual(core.getState().files.files, []);
});

test('undefined members, -0 and lone surrogates are stored as JSON has them', async (t) => {
  const core = await openCore(t);
  const payload = { ...file('a'), gone: undefined, props: { zero: -0, text: 'a\ud800b', 'k\udc00': 1, inner: { gone: undefined } } };
  core.dispatch({ type: 'files/addFile', payload });
  const item = core.getState().files.files[0];
  assert.deepEqual(item, file('a', { props: { zero: 0, text: 'a\ufffdb', 'k\ufffd': 1, inner: {} } }));
  assert.ok(Object.is(item.props.zero, 0));
  assert.ok(!('gone' in item));
  const [module] = core.instances;
  assert.deepEqual(JSON.parse(module.readAll('files')).items, [item]);
});

test('a string is stored as it is, whatever is in it and wherever in it that is', async (t) => {
  const core = await openCore(t);
  const [module] = core.instances;
  const controls = String.fromCharCode(...Array.from({ length: 0x24 }, (_, code) => code));
  const odd = [controls, controls.slice(1), "'", "''quoted'", '"', '\\', '\\"\\u0000', 'null', '{}', '\u2028\u007f\u00e9\ud83d\ude00', 'a\0', ''];
  // Every place within a word of eight bytes, behind long stretches without anything to escape.
  const texts = odd.concat(odd.flatMap((text) => [5, 8, 16, 23].map((length) => 'x'.repeat(length) + text + 'y'.repeat(length))));
  core.dispatch(files.addFile(file('a')));
  for (const text of texts) {
    for (const part of [{ content: text }, { content: `${text}.`, name: text }, { id: `i${text}`, content: text }]) {
      const item = file(part.id ?? 'a', { ...core.read('files', part.id ?? 'a'), ...part });
      core.dispatch(part.id === undefined ? files.updateItem({ id: 'a', ...part }) : files.addFile(item));
      assert.deepEqual(core.errors, [], JSON.stringify(text));
      assert.deepEqual(core.read('files', item.id), item);
      assert.deepEqual(JSON.parse(module.readAll('files')).items.find(({ id }) => id === item.id), item, JSON.stringify(text));
    }
  }
});

test('a load of several megabytes and small edits after it use the buffer in turn', async (t) => {
  const core = await openCore(t);
  const [module] = core.instances;
  const big = Array.from({ length: 1500 }, (_, index) => file(`f${index}`, { content: `ü${'content '.repeat(200)}${index}` }));
  for (let round = 0; round < 3; round++) {
    core.dispatch(files.setItems(big.map((item) => ({ ...item, updatedAt: round }))));
    core.dispatch(files.updateItem({ id: 'f7', content: `small ${round}` }));
    core.dispatch(files.updateItem({ id: 'f8', content: 'large '.repeat(400_000) }));
    core.dispatch(files.updateItem({ id: 'f9', content: `small ${round}` }));
    const items = JSON.parse(module.readAll('files')).items;
    assert.deepEqual(items, core.getState().files.files);
    assert.deepEqual([items[7].content, items[8].content.length, items[9].content], [`small ${round}`, 2_400_000, `small ${round}`]);
  }
  assert.deepEqual(core.errors, []);
});

test('__proto__ and constructor are keys like others, as member, as nested member and as id', async (t) => {
  const core = await openCore(t);
  const payload = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","toString":1,"props":{"__proto__":{"x":1}}}');
  core.dispatch({ type: 'files/addFile', payload: Object.assign(JSON.parse('{}'), file('__proto__'), {}) });
  core.dispatch({ type: 'files/addFile', payload: { ...payload, ...file('a') } });
  core.dispatch({ type: 'files/updateItem', payload: JSON.parse('{"id":"a","__proto__":{"polluted":2}}') });
  assert.equal({}.polluted, undefined);
  const item = core.read('files', 'a');
  assert.equal(Object.getPrototypeOf(item), Object.prototype);
  assert.deepEqual(Object.getOwnPropertyDescriptor(item, '__proto__').value, { polluted: 2 });
  assert.equal(item.constructor, 'c');
  assert.equal(JSON.stringify(core.read('files', '__proto__')), JSON.stringify(file('__proto__')));
  assert.equal(core.read('files', 'constructor'), undefined);
  assert.deepEqual(JSON.parse(core.instances[0].read('files', 'a')), JSON.parse(JSON.stringify(item)));
});

test('U+0000 in keys, ids and values', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addItems([file('a\0b', { 'k\0': 'v\0' }), file('plain')]));
  core.dispatch({ type: 'files/updateItem', payload: { id: 'a\0b', 'k\0': 'w', content: '\0' } });
  assert.deepEqual(core.read('files', 'a\0b'), file('a\0b', { 'k\0': 'w', content: '\0' }));
  assert.deepEqual(JSON.parse(core.instances[0].readAll('files')).items, core.getState().files.files);
});

test('two hundred levels are the limit: one less is stored and read back', async (t) => {
  const core = await openCore(t);
  const payload = file('deep', { props: nested(190) });
  assert.equal(core.dispatch(files.addFile(payload)).error, undefined);
  assert.deepEqual(JSON.parse(core.instances[0].read('files', 'deep')), payload);
});

test('an item of seven megabytes is stored', async (t) => {
  const core = await openCore(t);
  const content = 'ü'.repeat(3_500_000);
  assert.equal(core.dispatch(files.addFile(file('big', { content }))).error, undefined);
  assert.equal(JSON.parse(core.instances[0].read('files', 'big')).content, content);
});

test('objects of another realm and without prototype are taken as plain ones', async (t) => {
  const { runInNewContext } = await import('node:vm');
  const core = await openCore(t);
  const foreign = runInNewContext('({ list: [1, { x: 2 }] })');
  const bare = Object.assign(Object.create(null), { y: 1 });
  core.dispatch(files.addFile(file('a', { foreign, bare })));
  assert.deepEqual(core.read('files', 'a'), file('a', { foreign: { list: [1, { x: 2 }] }, bare: { y: 1 } }));
});
