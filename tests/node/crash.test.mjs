// The WebAssembly instance dies: a fresh one recovers from the log, and what was dispatched since is replayed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, freshName, openCore, until } from './support.mjs';

/** A function that executes `unreachable`: (module (func (export "trap") unreachable)). */
const trapCode = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, 10, 5, 1, 3, 0, 0, 11]);
const { trap } = new WebAssembly.Instance(new WebAssembly.Module(trapCode)).exports;

/** Makes an instance die the next time that one of its calls is used. */
function breakCall(module, name, when = () => true) {
  const original = module[name].bind(module);
  module[name] = (...given) => {
    if (when(...given)) trap();
    return original(...given);
  };
}

const recovered = (core) => until(() => !core.status().runtime.isRecovering && core.status().phase === 'ready', 'the core has recovered');

for (const storage of ['indexeddb', 'memory']) {
  test(`a trap in dispatch (${storage}): every edit is there afterwards, that one included`, async (t) => {
    const core = await openCore(t, { storage });
    core.dispatch(files.setFiles([file('a'), file('b'), file('c')]));
    await core.flush();
    core.dispatch(files.updateItem({ id: 'b', content: 'not durable yet' }));
    core.dispatch(files.removeItem('c'));
    const shown = core.getState().files.files[0];
    breakCall(core.instances[0], 'dispatch');
    const action = files.addFile(file('d'));
    assert.equal(core.dispatch(action), action);
    core.dispatch(files.updateItem({ id: 'd', content: 'while it recovers' }));
    assert.equal(core.status().runtime.isRecovering, true);
    assert.equal(core.getState().files.files[0], shown, 'reads go on');
    await core.flush();
    assert.equal(core.instances.length, 2);
    assert.deepEqual(core.getState().files.files, [file('a'), file('b', { content: 'not durable yet' }), file('d', { content: 'while it recovers' })]);
    assert.equal(core.getState().files.files[0], shown, 'what did not change keeps its identity');
    assert.deepEqual(JSON.parse(core.instances[1].readAll('files')).items, core.getState().files.files);
    assert.equal(core.status().runtime.restarts, 1);
    assert.deepEqual(core.status().runtime.deadLetters, []);
    assert.match(core.errors[0].message, /fresh instance/);
  });
}

test('toggles are replayed once: what was durable is not done again', async (t) => {
  const name = freshName();
  const core = await openCore(t, { storage: 'indexeddb', name });
  core.dispatch({ type: 'settings/toggleAutoSave' });
  await core.flush();
  core.dispatch({ type: 'settings/toggleAutoSync' });
  breakCall(core.instances[0], 'dispatch');
  core.dispatch(files.addFile(file('a')));
  await core.flush();
  const { autoSave, autoSync } = core.getState().settings.settings;
  assert.deepEqual({ autoSave, autoSync }, { autoSave: false, autoSync: false });
  await core.close();
  const again = await openCore(t, { storage: 'indexeddb', name });
  assert.deepEqual(again.getState().settings.settings, { ...core.getState().settings.settings });
  assert.deepEqual(again.getState().files.files, [file('a')]);
});

test('an action that stops two instances goes to the dead letters, the rest is replayed', async (t) => {
  const core = await openCore(t, {
    storage: 'indexeddb',
    onInstance: (module) => {
      let bytes = 0;
      const frame = module.frame.bind(module);
      module.frame = (size) => (bytes = frame(size));
      breakCall(module, 'dispatch', (length) => new TextDecoder().decode(module.HEAPU8.subarray(bytes, bytes + length)).includes('poison'));
    },
  });
  core.dispatch(files.addFile(file('a')));
  core.dispatch(files.addFile(file('poison')));
  core.dispatch(files.addFile(file('b')));
  await recovered(core);
  await core.flush();
  assert.deepEqual(core.getState().files.files, [file('a'), file('b')]);
  const [letter, ...others] = core.status().runtime.deadLetters;
  assert.deepEqual(others, []);
  assert.deepEqual(letter.action.payload, file('poison'));
  assert.equal(letter.action.type, 'files/addFile');
  assert.equal(core.status().runtime.restarts, 2);
});

for (const call of ['takeChanges', 'readAll', 'status', 'flush', 'sync']) {
  test(`a trap in ${call}() recovers too`, async (t) => {
    const core = await openCore(t, { storage: 'indexeddb', flaskApiUrl: 'http://127.0.0.1:9' });
    core.dispatch(files.addFile(file('a')));
    breakCall(core.instances[0], call);
    const run = {
      takeChanges: () => core.dispatch({ type: 'files/setActiveFile', payload: 'a' }), readAll: () => core.getState().files, 
      status: () => (core.sync.configure({ autoSync: {} }), core.status()),
      flush: () => core.flush(), sync: () => assert.rejects(core.sync.push(), { code: 'internal' }),
    }[call];
    try {
      await run();
    } catch (error) {
      assert.equal(error.name, 'TrapError');
    }
    await recovered(core);
    assert.equal(core.instances.length, 2);
    assert.deepEqual(core.getState().files.files, [file('a')]);
    core.dispatch(files.addFile(file('b')));
    await core.flush();
    assert.deepEqual(JSON.parse(core.instances[1].readAll('files')).items, [file('a'), file('b')]);
  });
}

test('an abort outside of our calls recovers too', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb' });
  core.dispatch(files.addFile(file('a')));
  core.instances[0].coreTrap(new WebAssembly.RuntimeError('unreachable'));
  await recovered(core);
  assert.deepEqual(core.getState().files.files, [file('a')]);
  assert.equal(core.status().runtime.restarts, 1);
});

test('when no instance survives the core fails visibly and refuses', async (t) => {
  const core = await openCore(t, { storage: 'indexeddb', onInstance: (module) => breakCall(module, 'dispatch') });
  await core.close();
  let made = 0;
  const failing = await openCore(t, {
    storage: 'indexeddb',
    onInstance: (module) => {
      if (made++ > 0) breakCall(module, 'open');
      else breakCall(module, 'dispatch');
    },
  });
  failing.dispatch(files.addFile(file('a')));
  failing.dispatch(files.addFile(file('b')));
  await until(() => failing.status().phase === 'failed', 'the core has failed');
  assert.equal(made, 7);
  assert.equal(failing.dispatch(files.addFile(file('c'))).error.code, 'internal');
  await assert.rejects(failing.flush(), { code: 'internal' });
});
