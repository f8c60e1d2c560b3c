// The faults that tests/crash/mutations.mjs plants can still be planted: it runs by hand only, and source lines move.
import assert from 'node:assert/strict';
import test from 'node:test';
import { kFaults } from '../crash/mutations.mjs';
import { read } from './source-files.mjs';

test('every fault to plant finds its line exactly once', () => {
  assert.ok(kFaults.length > 10);
  const lost = kFaults.filter(([, file, stands]) => read(`src/${file}`).split(stands).length !== 2).map(([what, file]) => `${what}: ${file}`);
  assert.deepEqual(lost, []);
});
