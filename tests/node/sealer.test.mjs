// The sealed file itself: authentic under one name in one store, never twice with one iv, and bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSealed, Sealer } from '../../web/dist/vault/sealer.js';

const text = (value) => new TextEncoder().encode(value);
const dataKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

test('both ways of sealing give what open() opens, and each size', async () => {
  const sealer = await Sealer.make('store', await dataKey());
  for (const bytes of [0, 1, 15, 16, 17, 1000, 70_000]) {
    const content = new Uint8Array(bytes).map((_, at) => at * 31);
    for (const sealed of [sealer.seal('log-1', content), await sealer.sealLater('log-1', content)]) {
      assert.ok(isSealed(sealed));
      assert.deepEqual(await sealer.open('log-1', sealed), content);
    }
  }
});

test('another page with the same key opens it; another name, store or key does not', async () => {
  const key = await dataKey();
  const sealed = (await Sealer.make('store', key)).seal('log-1', text('content'));
  const other = await Sealer.make('store', key);
  assert.deepEqual(await other.open('log-1', sealed), text('content'));
  assert.equal(await other.open('log-2', sealed), undefined);
  assert.equal(await (await Sealer.make('other', key)).open('log-1', sealed), undefined);
  assert.equal(await (await Sealer.make('store', await dataKey())).open('log-1', sealed), undefined);
  assert.equal(await other.open('log-1', text('plain')), undefined);
});

test('every bit counts, and so does the length', async () => {
  const sealer = await Sealer.make('store', await dataKey());
  const sealed = sealer.seal('log-1', text('content'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(await sealer.open('log-1', changed), undefined, `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length++) assert.equal(await sealer.open('log-1', sealed.slice(0, length)), undefined);
});

test('no iv comes twice under a key, and a key is replaced long before it may not seal any more', async () => {
  const sealer = await Sealer.make('store', await dataKey(), 2500);
  const seen = new Set();
  const keys = new Set();
  const sealed = [];
  for (let count = 0; count < 10_000; count++) {
    const bytes = sealer.seal('log-1', text('x'));
    keys.add(hex(bytes.subarray(0, 68)));
    seen.add(hex(bytes.subarray(0, 80)));
    if (count % 1000 === 0) {
      sealed.push(bytes);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  assert.equal(seen.size, 10_000);
  assert.ok(keys.size >= 3, `${keys.size} keys`);
  for (const bytes of sealed) assert.deepEqual(await sealer.open('log-1', bytes), text('x'));
});
