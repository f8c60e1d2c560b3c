// The status while many edits are made in one turn: right whenever it is asked for, told once, and after the state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, openCore, tree } from './support.mjs';

test('the first edits of many items in one turn are one change of the status, told after the state', async (t) => {
  const core = await openCore(t);
  const heard = [];
  core.subscribe(() => heard.push('state'));
  core.onStatus(() => heard.push(`status ${core.status().sync.pending}`));
  for (let index = 0; index < 50; index++) {
    core.dispatch(files.addItem(file(`f${index}`)));
    assert.equal(core.status().sync.pending, index + 1, 'whoever asks within the turn is told as it is now');
  }
  assert.equal(heard.length, 50);
  await undefined;
  assert.deepEqual(heard.slice(50), ['status 50']);
});

test('an edit that changes nothing in the status tells nobody', async (t) => {
  const core = await openCore(t);
  core.dispatch(files.addItem(file('a')));
  await undefined;
  let told = 0;
  core.onStatus(() => told++);
  core.dispatch(files.updateItem({ id: 'a', content: 'second' }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(told, 0);
  assert.equal(core.read('files', 'a').content, 'second');
});

test('an edit that only the feed brings back tells the status as well', async (t) => {
  const core = await openCore(t);
  const told = [];
  core.onStatus(() => told.push(core.status().sync.pending));
  core.dispatch({ type: 'componentTrees/addTree', payload: tree('t') });
  core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId: 't', nodeId: tree('t').root.id, updates: { props: { x: 1 } } } });
  await undefined;
  assert.deepEqual(told, [1]);
  assert.deepEqual(core.read('componentTrees', 't').root.props, { x: 1 });
});
