// Encryption at rest in a real browser: nothing readable lies anywhere on the device, exits save as they do without it, and a
// kill in the middle of sealing a store loses nothing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { browserName, forBrowser, Profile } from './support/browser.mjs';
import { filesOf, openCorePage, putFiles, serveCore, statusOf } from './support/core-page.mjs';
import { until } from './support/until.mjs';

const kMarker = 'PLAIN-MARKER-91c2';
const encryption = { passphrase: 'correct horse battery staple' };
const sealed = { encryption };

/** Everything that the origin keeps, as text of one byte a character, by where it lies. */
const dump = (page) => page.evaluate(async () => {
  const found = {};
  const latin = (bytes) => new TextDecoder('latin1').decode(bytes);
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const text = (value) => (value instanceof Uint8Array ? latin(value) : value?.contents ? latin(value.contents) : JSON.stringify(value));
  const dumpFactory = async (factory, where) => {
    for (const { name } of await factory.databases()) {
      const db = await settled(factory.open(name));
      for (const store of db.objectStoreNames) {
        const objects = db.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([settled(objects.getAllKeys()), settled(objects.getAll())]);
        keys.forEach((key, index) => { found[`${where} ${name} ${store} ${key}`] = `${key} ${text(values[index])}`; });
      }
      db.close();
    }
  };
  const dumpFolder = async (folder, where) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'directory') await dumpFolder(handle, `${where}/${name}`);
      else found[`${where}/${name}`] = latin(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
    }
  };
  await dumpFactory(indexedDB, 'indexeddb');
  for (const name of (await navigator.storageBuckets?.keys()) ?? []) await dumpFactory((await navigator.storageBuckets.open(name)).indexedDB, `bucket ${name}`);
  await dumpFolder(await navigator.storage.getDirectory(), 'opfs');
  for (const [where, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]])
    for (const key of Object.keys(storage)) found[`${where} ${key}`] = storage.getItem(key);
  return found;
});

/** Where the marker can be read, in UTF-8, UTF-16 or base64. */
function readable(places) {
  const forms = [kMarker, [...kMarker].join('\0'), btoa(kMarker).slice(0, -4)];
  return Object.entries(places).filter(([, text]) => forms.some((form) => text.includes(form))).map(([where]) => where);
}

/** Files of the profile that have the marker. */
function readableOnDisk(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => {
    if (!entry.isFile()) return false;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return bytes.includes(kMarker) || bytes.includes(Buffer.from(kMarker, 'utf16le'));
  }).map((entry) => entry.name);
}

const isCopied = (page) => until('the copy is current', async () => {
  const { storage, durability, seq } = await statusOf(page);
  return storage.standby.state === 'current' && durability.mirrored === seq;
});

/** A page of the store, which may have failed to open. */
const failureOf = (page) => page.evaluate(() => window.failure);

describe('encryption at rest', () => {
  let server;
  before(async () => { server = await serveCore(); });
  after(() => server?.close());

  function testWithProfile(name, run, timeout = 120_000) {
    test(name, { timeout }, async () => {
      const profile = new Profile();
      try {
        await run(profile);
      } finally {
        await profile.remove();
      }
    });
  }

  for (const [kind, options, isFound] of [['plain', {}, true], ['sealed', sealed, false]]) {
    testWithProfile(`the raw content of a ${kind} store, and the profile on disk, ${isFound ? 'have' : 'have nothing of'} what was typed`, async (profile) => {
      const page = await openCorePage(await profile.open(), server.url, options);
      await putFiles(page, ['a'], kMarker, true);
      await putFiles(page, ['big'], `${kMarker}-`.repeat(20_000), true);
      await isCopied(page);
      // Still in the second home of the last moment when the renderer is gone.
      const local = await page.evaluate(([marker]) => {
        for (let index = 0; index < 5; index++) window.core.dispatch(window.module.files.updateItem({ id: 'a', content: `${marker} ${index}` }));
        return Object.fromEntries(Object.entries(localStorage).map(([key, text]) => [`localStorage at once ${key}`, text]));
      }, [kMarker]);
      const places = { ...local, ...await dump(page) };
      assert.ok(Object.keys(places).some((where) => where.startsWith('localStorage') && where.includes(':tail:')), 'the last edits are in local storage');
      assert.ok(Object.keys(places).some((where) => where.startsWith(forBrowser({ chromium: 'bucket codeforge-standby', firefox: 'opfs/codeforge-standby' }))), 'there is a copy');
      const found = readable(places);
      assert.equal(found.length > 0, isFound, found.join('\n'));
      await profile.close();
      // Firefox compresses what it stores, so that nothing could be found of a plain store either.
      if (browserName === 'chromium' || !isFound) assert.equal(readableOnDisk(profile.folder).length > 0, isFound);
    });
  }

  testWithProfile('the last edits of a renderer that dies are opened by the next page, and no other key gets anything', async (profile) => {
    const page = await openCorePage(await profile.open(), server.url, sealed);
    await putFiles(page, ['a'], 'first', true);
    await page.evaluate(() => { for (let index = 0; index < 20; index++) window.core.dispatch(window.module.files.updateItem({ id: 'a', content: `edit ${index}` })); });
    const next = await profile.killRenderers();
    await openCorePage(next, server.url, { encryption: { passphrase: 'wrong' } });
    assert.equal((await failureOf(next)).code, 'wrong-key');
    await openCorePage(next, server.url);
    assert.equal((await failureOf(next)).code, 'sealed');
    await openCorePage(next, server.url, sealed);
    assert.deepEqual(await filesOf(next), { a: 'edit 19' });
    assert.deepEqual((await statusOf(next)).storage.seal, { by: 'passphrase', rejected: [] });
  });

  for (const [size, content] of [['small', 'last'], ['large', 'last '.repeat(100_000)]]) {
    testWithProfile(`a ${size} edit in pagehide is saved, however the page goes`, async (profile) => {
      let page = await openCorePage(await profile.open(), server.url, sealed);
      const exits = [
        async () => { await page.goto(`${server.url}away`); },
        async () => { await page.reload(); },
        async () => {
          const context = page.context();
          const closed = page.waitForEvent('close');
          await page.close({ runBeforeUnload: true });
          await closed;
          page = await context.newPage();
        },
      ];
      const expected = {};
      for (let round = 0; round < 6; round++) {
        const id = `e${round}`;
        await page.evaluate(([key, text, isHandler]) => {
          const edit = () => {
            window.core.dispatch(window.module.files.addFile({ id: key, name: key, content: text, language: 'text', path: `/${key}`, updatedAt: 1 }));
            void window.core.flush();
          };
          // Without the second home of the last moment, which would hide a write that is lost.
          Storage.prototype.setItem = () => {};
          // In the handler, and right before: then WebCrypto may be at work when the page goes.
          if (isHandler) window.addEventListener('pagehide', edit);
          else edit();
        }, [id, content, round % 2 === 0]);
        expected[id] = content;
        // A tab that Firefox closes loses some of what is large, of a plain store too.
        await exits[round % (size === 'large' && browserName === 'firefox' ? 2 : 3)]();
        await openCorePage(page, server.url, sealed);
        assert.deepEqual(Object.keys(await filesOf(page)).sort(), Object.keys(expected).sort(), `round ${round}`);
        assert.equal((await filesOf(page))[id], content);
      }
    });
  }

  testWithProfile('a browser that is killed while a plain store is being sealed has all of it, plain or sealed', async (profile) => {
    let page = await openCorePage(await profile.open(), server.url);
    await page.evaluate(async ([marker]) => {
      const { files } = window.module;
      for (let index = 0; index < 3000; index++)
        window.core.dispatch(files.addFile({ id: `f${index}`, name: 'x', content: `${marker} ${index} `.repeat(80), language: 'text', path: '/', updatedAt: 1 }));
      await window.core.flush({ strict: true });
      await window.core.close();
    }, [kMarker]);
    for (const waitMs of [30, 120, 250, 400, 600]) {
      const opening = page.goto(`${server.url}?options=${encodeURIComponent(JSON.stringify(sealed))}`).catch(() => {});
      await sleep(waitMs);
      await profile.kill();
      await opening;
      page = await profile.open();
    }
    await openCorePage(page, server.url, sealed);
    assert.equal(await failureOf(page), undefined);
    assert.equal(Object.keys(await filesOf(page)).length, 3000);
    await isCopied(page);
    assert.deepEqual(readable(await dump(page)), []);
  });

  testWithProfile('two tabs of a sealed store: edits of both, a tab without the key, and a take-over', async (profile) => {
    const first = await openCorePage(await profile.open(), server.url, sealed);
    const context = first.context();
    await putFiles(first, ['a'], kMarker, true);
    const second = await openCorePage(await context.newPage(), server.url, sealed);
    assert.equal((await statusOf(second)).tabs.role, 'follower');
    assert.deepEqual((await statusOf(second)).storage.seal, { by: 'passphrase', rejected: [] });
    await putFiles(second, ['b'], kMarker);
    await until('the first tab has it', async () => (await filesOf(first)).b);
    const stranger = await openCorePage(await context.newPage(), server.url);
    assert.equal((await failureOf(stranger)).code, 'sealed');
    await openCorePage(stranger, server.url, { encryption: { passphrase: 'wrong' } });
    assert.equal((await failureOf(stranger)).code, 'wrong-key');
    await stranger.close();
    await first.close();
    await until('the second tab writes', async () => (await statusOf(second)).tabs.role === 'writer');
    await putFiles(second, ['c'], kMarker, true);
    await isCopied(second);
    assert.deepEqual(readable(await dump(second)), []);
    await openCorePage(second, server.url, sealed);
    assert.deepEqual(Object.keys(await filesOf(second)).sort(), ['a', 'b', 'c']);
  });

  testWithProfile('a database that was deleted comes back from the sealed copy', async (profile) => {
    const page = await openCorePage(await profile.open(), server.url, sealed);
    await putFiles(page, ['a', 'b'], 'kept', true);
    await isCopied(page);
    await page.goto(`${server.url}away`);
    await page.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase('/codeforge-test').onsuccess = resolve; }));
    await openCorePage(page, server.url, { encryption: { passphrase: 'wrong' } });
    assert.equal((await failureOf(page)).code, 'wrong-key');
    await openCorePage(page, server.url, sealed);
    assert.deepEqual(await filesOf(page), { a: 'kept', b: 'kept' });
    assert.equal((await statusOf(page)).storage.incident.restoredFrom, forBrowser({ chromium: 'bucket', firefox: 'opfs' }));
  });
});
