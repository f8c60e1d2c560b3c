// core.wasm is installed with its functions in another order than the linker's: what they do must be the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { inGoodOrder } from '../../.ci/lib/function-order.mjs';

const leb = (value) => (value > 127 ? [(value & 127) | 128, ...leb(Math.floor(value / 128))] : [value]);
const vector = (parts) => [...leb(parts.length), ...parts.flat()];
const section = (id, content) => [id, ...leb(content.length), ...content];
const text = (value) => vector([...Buffer.from(value)].map((byte) => [byte]));

/**
 * A module of `count` functions (i32) -> i32 behind one import, in two kinds that take turns: of every pair the second calls
 * the first, every ninth goes through the table. Each is exported as f0, f1 and so on.
 */
function moduleOf(count) {
  const body = (index) => {
    const rest = index % 9 === 8 ? [0x20, 0, 0x41, ...leb(index % 64), 0x11, 0, 0] : index % 2 === 0 ? [0x20, 0, 0x10, 0] : [0x20, 0, 0x10, ...leb(index)];
    const code = [1, 3, 0x7f, 0x20, 0, ...(index % 2 === 0 ? [0x41, 7, 0x6c, 0x21, 1, 0x20, 1] : [0x45, 0x04, 0x7f, 0x41, 1, 0x05, 0x41, 5, 0x0b]), 0x41, ...leb(index % 64), 0x6a, 0x21, 0, ...rest, 0x0b];
    return [...leb(code.length), ...code];
  };
  const every = Array.from({ length: count }, (_, index) => index);
  return Buffer.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([[0x60, 1, 0x7f, 1, 0x7f]])),
    ...section(2, vector([[...text('host'), ...text('add'), 0, 0]])),
    ...section(3, vector(every.map(() => [0]))),
    ...section(4, [1, 0x70, 0, 64]),
    ...section(7, vector(every.map((index) => [...text(`f${index}`), 0, ...leb(index + 1)]))),
    ...section(9, [1, 0, 0x41, 0, 0x0b, ...vector(Array.from({ length: 64 }, (_, slot) => leb(1 + 2 * (slot % 4))))]),
    ...section(10, vector(every.map(body))),
  ]);
}

const answers = async (wasm, count) => {
  const { instance } = await WebAssembly.instantiate(wasm, { host: { add: (value) => value + 1 } });
  return Array.from({ length: count }, (_, index) => [0, 1, 1000].map((value) => instance.exports[`f${index}`](value)));
};

test('functions in another order do what they did', async () => {
  const count = 300;
  const wasm = moduleOf(count);
  const reordered = inGoodOrder(wasm);
  assert.notDeepEqual(reordered, wasm);
  assert.equal(reordered.length <= wasm.length + count, true);
  assert.deepEqual(await answers(reordered, count), await answers(wasm, count));
});

test('the module as it is installed is whole, and keeps its exports in another round', () => {
  const wasm = readFileSync(new URL('../../web/dist/wasm/core.wasm', import.meta.url));
  assert.equal(WebAssembly.validate(wasm), true);
  const names = (bytes) => WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name, kind }) => `${kind} ${name}`);
  const again = inGoodOrder(wasm);
  assert.equal(WebAssembly.validate(again), true);
  assert.deepEqual(names(again), names(wasm));
});
