// What another tab said is brought into the core as one write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { FramePort } from '../../web/dist/frame-port.js';
import { file, freshName, openCore, until } from './support.mjs';

test('a message that there is no room for leaves the core writing and telling', async (t) => {
  let module;
  const core = await openCore(t, { name: freshName(), storage: 'indexeddb', onInstance: (made) => { module = made; } });
  const notify = module.coreNotify;
  const port = new FramePort({}, { names: [] }, () => false);
  const instance = { module, isDead: false, call: (run) => run(module) };
  assert.throws(() => port.deliver(instance, [new Uint8Array(8), new Uint8Array((256 << 20) + 1)]), { code: 'limit' });
  assert.equal(module.coreNotify, notify);
  core.dispatch(files.addFile(file('a')));
  await core.flush();
  const { seq, durableSeq } = core.status();
  assert.deepEqual([durableSeq, core.read('files', 'a').id], [seq, 'a']);
  core.dispatch(files.addFile(file('b')));
  await until(() => core.status().durableSeq === core.status().seq, 'it is written by itself');
});
