// A page that goes away: the flush is issued in the same turn. The page here is an EventTarget.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files } from 'codeforge-core';
import { file, openCore } from './support.mjs';

/** Gives this process a page for one test. */
function openPage(t) {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const names = ['addEventListener', 'removeEventListener', 'document', 'navigator'];
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  define('addEventListener', page.addEventListener.bind(page));
  define('removeEventListener', page.removeEventListener.bind(page));
  define('document', document);
  define('navigator', { onLine: true });
  t.after(() => names.forEach((name, index) => (before[index] ? Object.defineProperty(globalThis, name, before[index]) : delete globalThis[name])));
  return { page, document };
}

test('pagehide, hidden and freeze flush in the same turn; online and visibility reach the core', async (t) => {
  const { page, document } = openPage(t);
  const core = await openCore(t, { storage: 'indexeddb' });
  const calls = [];
  for (const name of ['flush', 'configure']) {
    const original = core.instances[0][name].bind(core.instances[0]);
    core.instances[0][name] = (given) => {
      calls.push(`${name} ${given}`);
      return original(given);
    };
  }
  const during = (run) => {
    calls.length = 0;
    run();
    return [...calls];
  };
  core.dispatch(files.addFile(file('a')));
  assert.deepEqual(during(() => page.dispatchEvent(new Event('pagehide'))), ['flush false']);
  assert.deepEqual(during(() => document.dispatchEvent(new Event('freeze'))), ['flush false']);
  document.visibilityState = 'hidden';
  assert.deepEqual(during(() => document.dispatchEvent(new Event('visibilitychange'))), ['flush false', 'configure {"visible":false}']);
  document.visibilityState = 'visible';
  assert.deepEqual(during(() => document.dispatchEvent(new Event('visibilitychange'))), ['configure {"visible":true}']);
  assert.deepEqual(during(() => page.dispatchEvent(new Event('offline'))), ['configure {"online":false}']);
  assert.deepEqual(during(() => page.dispatchEvent(new Event('online'))), ['configure {"online":true}']);
  await core.flush();
  assert.equal(core.status().durableSeq, core.status().seq);
  await core.close();
  assert.deepEqual(during(() => page.dispatchEvent(new Event('pagehide'))), [], 'nothing listens after close');
});
