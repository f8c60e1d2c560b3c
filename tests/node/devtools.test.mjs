// The Redux DevTools extension's protocol, spoken by the extension's side of it: connect, init, send, subscribe with the messages
// that its panel sends. (Redux DevTools, docs/API/Methods.md.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentTrees, files } from 'codeforge-core';
import { connectDevTools } from 'codeforge-core/devtools';
import { file, openCore } from './support.mjs';

/** The panel: keeps what it is given as the real one does, as JSON, and numbers actions from 1. */
class Panel {
  log = [];
  errors = [];
  #listener;

  connect = (options) => {
    this.options = options;
    return {
      init: (state) => { this.log = [{ action: { type: '@@INIT' }, state: JSON.stringify(state) }]; },
      send: (action, state) => void this.log.push({ action: JSON.parse(JSON.stringify(action)), state: JSON.stringify(state) }),
      subscribe: (listener) => {
        this.#listener = listener;
        listener({ type: 'START' });
        return () => { this.#listener = undefined; };
      },
      error: (message) => void this.errors.push(message),
    };
  };

  press(type, more = {}) {
    this.#listener?.({ type: 'DISPATCH', payload: { type, ...more } });
  }
  jump(actionId) {
    this.#listener?.({ type: 'DISPATCH', payload: { type: 'JUMP_TO_ACTION', actionId }, state: this.log[actionId].state });
  }
  run(action) {
    this.#listener?.({ type: 'ACTION', payload: JSON.stringify(action) });
  }
}

async function connected(t, options = {}) {
  const core = await openCore(t, {});
  const panel = new Panel();
  const disconnect = connectDevTools(core, { name: 'test', extension: panel, ...options });
  t.after(disconnect);
  return { core, panel, disconnect, ids: () => core.getState().files.files.map(({ id }) => id), text: (id) => core.read('files', id)?.content };
}

test('every action arrives with the items that it changed, and never with the state', async (t) => {
  const { core, panel } = await connected(t);
  core.dispatch(files.setItems(Array.from({ length: 500 }, (_, index) => file(`f${index}`, { content: 'x'.repeat(1000) }))));
  core.dispatch(files.updateItem({ id: 'f7', content: 'new' }));
  core.dispatch(files.setActiveFile('f7'));
  core.dispatch(files.removeItem('f8'));
  assert.deepEqual(panel.log.map(({ action }) => action.type), ['@@INIT', 'files/setItems', 'files/updateItem', 'files/setActiveFile', 'files/removeItem']);
  assert.equal(panel.options.name, 'test');
  const shown = panel.log.map(({ state }) => JSON.parse(state));
  assert.equal(shown[1].more, 450, 'of a bulk only the first items are shown');
  assert.deepEqual(Object.keys(shown[2].changed), ['files:f7']);
  assert.equal(shown[2].changed['files:f7'].content, 'new');
  assert.equal(shown[3].changed.files.activeFileId, 'f7');
  assert.deepEqual(shown[4].changed, { 'files:f8': null });
  assert.ok(panel.log[2].state.length < 400, panel.log[2].state);
});

test('jumping shows each moment again, changes nothing that is kept, and the next action begins at the present', async (t) => {
  const { core, panel, ids, text } = await connected(t);
  core.dispatch(files.addFile(file('a', { content: '1' })));
  core.dispatch(files.addFile(file('b', { content: '1' })));
  core.dispatch(files.updateItem({ id: 'a', content: '2' }));
  core.dispatch(files.removeItem('b'));
  core.dispatch(files.setActiveFile('a'));
  const present = core.getState();
  const { seq } = core.status();
  let told = 0;
  core.subscribe(() => told++);

  panel.jump(3);
  assert.deepEqual([ids(), text('a'), text('b'), core.getState().files.activeFileId], [['a', 'b'], '2', '1', null]);
  panel.jump(1);
  assert.deepEqual([ids(), text('a'), text('b')], [['a'], '1', undefined]);
  panel.jump(2);
  assert.deepEqual([ids(), text('a')], [['a', 'b'], '1']);
  assert.equal(told, 3);
  assert.equal(core.getState().models, present.models, 'what no commit touched keeps its identity');
  assert.equal(core.status().seq, seq, 'nothing was committed');

  core.dispatch(files.addFile(file('c', { content: '1' })));
  assert.deepEqual([ids(), text('a'), core.getState().files.activeFileId], [['a', 'c'], '2', 'a']);
});

test('nodes of a tree are taken back along their path', async (t) => {
  const { core, panel } = await connected(t);
  core.dispatch(componentTrees.addTree({ id: 't', name: 'T', root: { id: 'r', type: 'div', children: [{ id: 'x', type: 'p', props: { text: 'one' } }] }, updatedAt: 1 }));
  core.dispatch(componentTrees.updateTreeNode({ treeId: 't', nodeId: 'x', updates: { props: { text: 'two' } } }));
  const shownText = () => core.getState().componentTrees.trees[0].root.children[0].props.text;
  assert.equal(shownText(), 'two');
  panel.jump(1);
  assert.equal(shownText(), 'one');
  panel.jump(2);
  assert.equal(shownText(), 'two');
});

test('commit, roll back, reset, pause and an action from the panel', async (t) => {
  const { core, panel, ids } = await connected(t);
  core.dispatch(files.addFile(file('a')));
  panel.press('COMMIT');
  assert.equal(panel.log.length, 1);
  core.dispatch(files.addFile(file('b')));
  panel.press('ROLLBACK');
  assert.deepEqual(ids(), ['a']);
  panel.run({ type: 'files/addFile', payload: file('c') });
  assert.deepEqual(ids(), ['a', 'b', 'c'], 'an action begins at the present');
  panel.press('PAUSE_RECORDING', { status: true });
  const { length } = panel.log;
  core.dispatch(files.addFile(file('d')));
  assert.equal(panel.log.length, length);
  panel.press('PAUSE_RECORDING', { status: false });
  core.dispatch(files.addFile(file('e')));
  assert.equal(panel.log.length, length + 1);
  panel.press('RESET');
  assert.deepEqual(ids(), ['a']);
});

test('what cannot be done is said in the panel, and the store is as it was', async (t) => {
  const errors = [];
  const { core, panel, ids } = await connected(t, { maxActions: 2 });
  core.dispatch(files.addFile(file('a')));
  for (let index = 0; index < 4; index++) core.dispatch(files.updateItem({ id: 'a', content: String(index) }));
  panel.jump(1);
  assert.match(panel.errors.pop(), /commit 1 is not kept any more; the oldest is 3/);
  panel.press('TOGGLE_ACTION', { id: 2 });
  assert.match(panel.errors.pop(), /TOGGLE_ACTION is not possible/);
  panel.run({ type: 'files/nothing' });
  assert.match(panel.errors.pop(), /files\/nothing/);
  assert.deepEqual(ids(), ['a']);
  assert.deepEqual(errors, []);
});

test('disconnected, it shows the present and sends nothing more', async (t) => {
  const { core, panel, disconnect, ids } = await connected(t);
  core.dispatch(files.addFile(file('a')));
  core.dispatch(files.addFile(file('b')));
  panel.jump(1);
  assert.deepEqual(ids(), ['a']);
  disconnect();
  assert.deepEqual(ids(), ['a', 'b']);
  const { length } = panel.log;
  core.dispatch(files.addFile(file('c')));
  assert.equal(panel.log.length, length);
});

test('without the extension connecting does nothing', async (t) => {
  const core = await openCore(t, {});
  connectDevTools(core)();
  core.dispatch(files.addFile(file('a')));
  assert.equal(core.getState().files.files.length, 1);
});
