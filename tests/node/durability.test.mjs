// What flush() acknowledged is there in the next core over the same IndexedDB, however the last one ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCore, files, sliceTable } from 'codeforge-core';
import { file, freshName, openCore, randomFrom, tree, until } from './support.mjs';

const lasting = (core) => Object.fromEntries(Object.entries(sliceTable).filter(([, { collection }]) => collection)
  .map(([slice, { collection }]) => [slice, core.getState()[slice][collection]]));

test('the same state after close and reopen, active ids and settings included', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  core.dispatch(files.addItems(Array.from({ length: 50 }, (_, index) => file(`f${index}`))));
  core.dispatch(files.removeItem('f3'));
  core.dispatch(files.updateItem({ id: 'f7', content: 'edited ✎ \u2028' }));
  core.dispatch(files.setActiveFile('f7'));
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: 'title', updates: { props: { text: 'Bye' } } } });
  const state = JSON.parse(JSON.stringify(core.getState()));
  await core.close();
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.deepEqual(JSON.parse(JSON.stringify(again.getState())), state);
  const { recovery } = again.status();
  assert.ok(recovery.items + recovery.commits > 0);
  assert.equal(recovery.damagedRecords + recovery.tornBytes, 0);
});

test('without close: what flush() acknowledged is there', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  for (let index = 0; index < 20; index++) core.dispatch(files.addFile(file(`f${index}`)));
  await core.flush();
  const { seq, durableSeq } = core.status();
  assert.equal(durableSeq, seq);
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.deepEqual(again.getState().files, core.getState().files);
});

test('without flush: an edit becomes durable by itself', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  let told = 0;
  core.onStatus(() => told++);
  core.dispatch(files.addFile(file('a')));
  await until(() => core.status().save === 'saved' && core.status().durableSeq === core.status().seq, 'the edit is saved');
  assert.ok(told > 0, 'and the status told so');
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.deepEqual(again.getState().files.files, [file('a')]);
});

test('row 17: flush() waits for what was dispatched before it, also while another flush runs', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  const flushes = [];
  for (let index = 0; index < 30; index++) {
    core.dispatch(files.addFile(file(`f${index}`)));
    const { seq } = core.status();
    flushes.push(core.flush({ strict: index % 3 === 0 }).then(() => assert.ok(core.status().durableSeq >= seq)));
  }
  await Promise.all(flushes);
});

test('row 6: edits that wait for a server survive the end of the core', async (t) => {
  const name = freshName();
  const options = { storage: 'indexeddb', name, flaskApiUrl: 'http://127.0.0.1:9' };
  const core = await openCore(t, options);
  core.dispatch(files.addFile(file('a')));
  core.dispatch(files.addFile(file('b')));
  core.dispatch(files.removeItem('b'));
  const { pending } = core.status().sync;
  assert.ok(pending > 0);
  await core.close();
  const again = await openCore(t, options);
  assert.equal(again.status().sync.pending, pending);
});

test('row 18: the state is there as soon as createCore resolves', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  await core.dispatch(files.saveFile(file('a')));
  await core.close();
  const again = await createCore({ storage: 'indexeddb', name });
  assert.deepEqual(again.read('files', 'a'), file('a'));
  await again.close();
});

test('row 30: ten thousand items, an edit of one touches one', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  core.dispatch(files.setItems(Array.from({ length: 10_000 }, (_, index) => file(`f${index}`))));
  const before = core.getState().files.files;
  core.dispatch(files.updateItem({ id: 'f5000', content: 'x' }));
  const after = core.getState().files.files;
  assert.deepEqual(after.flatMap((item, index) => (item === before[index] ? [] : [item.id])), ['f5000']);
  await core.close();
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.equal(again.getState().files.files.length, 10_000);
  assert.equal(again.read('files', 'f5000').content, 'x');
});

for (let seed = 1; seed <= 6; seed++) {
  test(`random edits, flushes, ends and reopenings, seed ${seed}`, async (t) => {
    const random = randomFrom(seed);
    const name = freshName();
    let core = await openCore(t, { storage: 'indexeddb', name });
    for (let life = 0; life < 5; life++) {
      for (let round = 0; round < 60; round++) {
        const id = `f${random.below(12)}`;
        const action = random.pick([files.addFile(file(id, { content: `v${life}.${round}` })), files.updateItem({ id, content: `u${round}` }), files.removeItem(id)]);
        core.dispatch(action);
        if (random.below(10) === 0) await core.flush();
      }
      const state = lasting(core);
      if (random.below(2)) await core.close();
      else await core.flush();
      core = await openCore(t, { storage: 'indexeddb', name });
      assert.deepEqual(lasting(core), state, `life ${life}`);
    }
  });
}
