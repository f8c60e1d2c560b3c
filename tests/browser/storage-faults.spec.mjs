// Storage that the browser wipes, damages, closes, refuses or fills up, in real browsers: the documented state, and nothing else lost.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { browserName, forBrowser, Profile } from './support/browser.mjs';
import { filesOf, openCore, openCorePage, putFiles, serveCore, statusOf } from './support/core-page.mjs';
import { Flask } from './support/flask.mjs';
import { until } from './support/until.mjs';

const kIds = ['a', 'b', 'c', 'd'];
const kAll = Object.fromEntries(kIds.map((id) => [id, 'kept']));

const untilMirrored = (page) => until('the standby copy is current', async () => {
  const { storage, durability, seq } = await statusOf(page);
  return storage.standby.state === 'current' && durability.mirrored === seq;
});

const incidentsOf = (page) => page.evaluate(() => window.incidents);

/** Overwrites the bytes of a file from `share` of it on. */
function overwrite(path, share, length = Infinity) {
  const bytes = readFileSync(path);
  const from = Math.floor(bytes.length * share);
  bytes.fill(0xa5, from, Math.min(from + length, bytes.length));
  writeFileSync(path, bytes);
}

/** LevelDB's newest log of the store. */
const newestLog = (profile) => profile.databaseFiles('.log').at(-1);

/** SQLite's write-ahead log would mend its pages, so it goes as well. */
function damagePages(profile, ...part) {
  for (const path of profile.databaseFiles('.sqlite')) overwrite(path, ...part);
  for (const path of profile.databaseFiles('-wal')) rmSync(path);
}

/**
 * Ways in which a stopped browser's primary database can be found broken, and what the browser says of it:
 * `dataLoss` in the incident.
 */
const kBreakages = forBrowser({
  chromium: {
    'deleted': { breakIt: (profile) => profile.removeDatabases() },
    'garbage in its log': { breakIt: (profile) => overwrite(newestLog(profile), 0.5, 64), dataLoss: 'total' },
    'a record header without its record at the end of its log, and a session behind it': {
      dataLoss: 'total',
      breakIt: async (profile, url) => {
        const header = Buffer.alloc(7, 0x5a);
        header.writeUInt16LE(300, 4);
        header[6] = 1;
        appendFileSync(newestLog(profile), header);
        // This session appends behind the header; the next one finds a record that is none.
        const page = await openCorePage(await profile.open(), url);
        await putFiles(page, ['between'], 'kept');
        await untilMirrored(page);
        await profile.kill();
      },
    },
  },
  firefox: {
    'deleted': { breakIt: (profile) => profile.removeDatabases() },
    'with a header that is no database\'s': { breakIt: (profile) => damagePages(profile, 0, 100) },
    'with garbage in its pages': { breakIt: (profile) => damagePages(profile, 0.1), dataLoss: 'unreadable' },
    'empty': { breakIt: (profile) => ['.sqlite', '-wal'].flatMap((ending) => profile.databaseFiles(ending)).forEach((path) => truncateSync(path)) },
  },
});

/** Opens a browser that has too little space for four megabytes more, with a way to make room. */
const kShortOfSpace = forBrowser({
  chromium: async (profile, url) => {
    // Before the database is opened: Chromium remembers for half a minute how much space was left.
    const page = await profile.open();
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(url);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 << 20 });
    return { page, makeRoom: () => session.send('Storage.overrideQuotaForOrigin', { origin }) };
  },
  firefox: async (profile, url) => {
    // Of 100 MB a site may have a fifth; what lies in its private file system counts.
    const page = await profile.open({ preferences: { 'dom.quotaManager.temporaryStorage.fixedLimit': 100 * 1024 } });
    const other = await page.context().newPage();
    await other.goto(`${url}away`);
    await other.evaluate(async (length) => {
      const file = await (await navigator.storage.getDirectory()).getFileHandle('ballast', { create: true });
      const writable = await file.createWritable();
      await writable.write(new Uint8Array(length));
      await writable.close();
    }, 18 << 20);
    return { page, makeRoom: () => other.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('ballast')) };
  },
});

describe('storage faults', () => {
  let server;
  before(async () => { server = await serveCore(); });
  after(() => server?.close());

  function testWithProfile(name, run) {
    test(name, { timeout: 120_000 }, async () => {
      const profile = new Profile();
      try {
        await run(profile);
      } finally {
        await profile.remove();
      }
    });
  }

  async function filled(profile, options) {
    const page = await openCorePage(await profile.open(), server.url, options);
    for (const ids of [kIds.slice(0, 1), kIds.slice(1)]) await putFiles(page, ids, 'kept'); // two files
    return page;
  }

  for (const [how, { breakIt, dataLoss }] of Object.entries(kBreakages)) {
    testWithProfile(`a primary database that is found ${how} is restored from the standby copy`, async (profile) => {
      await untilMirrored(await filled(profile));
      await profile.kill();
      await breakIt(profile, server.url);
      const page = await openCore(await profile.open(), server.url);
      const { between, ...found } = await filesOf(page);
      assert.deepEqual(found, kAll);
      const { storage } = await statusOf(page);
      if (between !== undefined) assert.equal(between, 'kept');
      assert.deepEqual([storage.incident?.cause, storage.incident?.restoredFrom, storage.incident?.lost], ['wiped', Profile.standby, 0]);
      assert.deepEqual(await incidentsOf(page), [storage.incident]);
      if (dataLoss) assert.equal(storage.incident.dataLoss, dataLoss);
      // And once more: the repaired store is an ordinary one.
      await putFiles(page, ['e'], 'later');
      await page.reload();
      await page.getByText('settled').waitFor();
      assert.equal((await filesOf(page)).e, 'later');
      assert.equal((await statusOf(page)).storage.incident, null);
    });
  }

  testWithProfile('a wipe without a copy: nothing is sent or deleted before the user decides, and then the server gives everything back', async (profile) => {
    const flask = await new Flask().start();
    try {
      const options = { flaskApiUrl: flask.url, autoSync: { enabled: false } };
      let page = await filled(profile, options);
      await page.evaluate(() => window.core.sync.push());
      await until('the sentinel is written', () => page.evaluate(() => JSON.parse(localStorage.getItem('codeforge-core:test:sentinel')).seq > 0));
      // Local storage reaches the disk some seconds later; quitting writes it.
      await profile.close();
      profile.removeDatabases();
      profile.removeStandby();
      const before_ = await flask.contents();
      const automatic = { ...options, autoSync: { enabled: true, intervalMs: 100 } };
      page = await openCorePage(await profile.open(), server.url, automatic);
      const { storage, sync } = await statusOf(page);
      assert.deepEqual([storage.incident.cause, storage.incident.decision, sync.phase], ['wiped', 'needed', 'disabled']);
      assert.ok(storage.incident.expectedSeq > 0);
      assert.equal(await page.evaluate(() => window.module.storageProblem(window.core.status()).code), 'wiped');
      await putFiles(page, ['new'], 'edited meanwhile');
      assert.equal(await page.evaluate(() => window.core.sync.push().then(() => 'pushed', (error) => error.code)), 'undecided');
      await page.reload();
      await page.getByText('settled').waitFor();
      assert.equal((await statusOf(page)).storage.incident.decision, 'needed', 'a reload decides nothing');
      assert.deepEqual(await filesOf(page), { new: 'edited meanwhile' });
      assert.deepEqual(await flask.contents(), before_);
      await page.evaluate(() => window.core.storage.decide('take-server'));
      assert.deepEqual(await filesOf(page), { ...kAll, new: 'edited meanwhile' });
      assert.equal((await statusOf(page)).storage.incident.decision, 'take-server');
      await page.evaluate(() => window.core.sync.push());
      assert.equal(Object.keys(await flask.contents()).length, Object.keys(before_).length + 1);
      await page.reload();
      await page.getByText('settled').waitFor();
      assert.equal((await statusOf(page)).storage.incident, null);
    } finally {
      await flask.remove();
    }
  });

  // Chromium throws such a database away by itself.
  const kNotWhole = browserName === 'chromium' ? {} : {
    'there is no copy': { prepare: () => {}, stopped: (profile) => profile.removeStandby(), message: /no copy of it/, expected: [null, 'needed', 4, {}] },
    'its copy is behind': {
      // As if an edit had been durable that the copy never got.
      prepare: () => localStorage.setItem('codeforge-core:test:sentinel', JSON.stringify({ seq: 5, unsynced: 0, at: 1 })),
      stopped: () => {}, message: /its standby copy ends with commit 4, and 5 were durable/, expected: [Profile.standby, 'none', 1, kAll],
    },
  };
  for (const [what, { prepare, stopped, message, expected }] of Object.entries(kNotWhole)) {
    testWithProfile(`a database that cannot be read, and ${what}: it is thrown away only when that is allowed`, async (profile) => {
      let page = await filled(profile);
      await untilMirrored(page);
      await page.evaluate(() => window.core.close());
      await page.evaluate(prepare);
      // Local storage reaches the disk some seconds later; quitting writes it.
      await profile.close();
      stopped(profile);
      damagePages(profile, 0.1);
      page = await openCorePage(await profile.open(), server.url);
      const failure = await page.evaluate(() => window.failure);
      assert.equal(failure?.code, 'damaged');
      assert.match(failure.message, /^the browser cannot read the database of "test" \(UnknownError.*discardUnreadable/);
      assert.match(failure.message, message);
      assert.equal(await page.evaluate(() => new Promise((resolve) => {
        const request = indexedDB.open('/codeforge-test', 21);
        request.onsuccess = () => resolve('it was made again');
        request.onerror = () => resolve(request.error.name);
      })), 'UnknownError');
      await openCore(page, server.url, { discardUnreadable: true });
      const { incident } = (await statusOf(page)).storage;
      assert.deepEqual([incident.cause, incident.dataLoss], ['wiped', 'unreadable']);
      assert.deepEqual([incident.restoredFrom, incident.decision, incident.lost, await filesOf(page)], expected);
    });
  }

  testWithProfile('out of space is the state quota; edits go on, and are saved when there is space', async (profile) => {
    await untilMirrored(await filled(profile));
    await profile.close();
    const { page, makeRoom } = await kShortOfSpace(profile, server.url);
    await openCorePage(page, server.url);
    const failed = await page.evaluate(async () => {
      window.core.dispatch(window.module.files.addFile({ id: 'big', name: 'big', content: Array.from({ length: 1 << 19 }, () => Math.random().toString(36).slice(2, 10).padEnd(8, '-')).join(''), language: 'text', path: '/big', updatedAt: 1 }));
      return window.core.flush().then(() => 'saved', (error) => error.code);
    });
    assert.equal(failed, 'storage');
    const { storage, save } = await statusOf(page);
    assert.deepEqual([storage.error.code, save], ['quota', 'problem']);
    assert.equal(await page.evaluate(() => window.module.saveIndicator(window.core.status()).text), 'Storage problem — export now');
    await makeRoom();
    await until('it is saved', async () => (await statusOf(page)).save === 'saved');
    await page.reload();
    await page.getByText('settled').waitFor();
    const { big, ...rest } = await filesOf(page);
    assert.equal(big?.length, 4 << 20);
    assert.deepEqual(rest, kAll);
  });

  testWithProfile('aborted transactions are the state aborted, and are written again', async (profile) => {
    const page = await filled(profile);
    await page.evaluate(() => {
      const { transaction } = IDBDatabase.prototype;
      let left = 2;
      IDBDatabase.prototype.transaction = function (stores, mode, options) {
        const made = transaction.call(this, stores, mode, options);
        if (mode === 'readwrite' && left > 0) {
          left--;
          made.commit = () => queueMicrotask(() => made.abort());
        }
        return made;
      };
    });
    assert.equal(await putFiles(page, ['e'], 'kept').then(() => 'saved', () => 'failed'), 'failed');
    assert.equal((await statusOf(page)).storage.error.code, 'aborted');
    await until('it is saved', async () => (await statusOf(page)).save === 'saved');
    await page.reload();
    await page.getByText('settled').waitFor();
    assert.deepEqual(await filesOf(page), { ...kAll, e: 'kept' });
  });

  // Firefox's protocol cannot clear a site's storage, and it has no storage buckets.
  if (browserName === 'chromium') {
    testWithProfile('storage that is cleared under an open store is written again, all of it', async (profile) => {
      const page = await filled(profile);
      await untilMirrored(page);
      const session = await page.context().newCDPSession(page);
      await session.send('Storage.clearDataForOrigin', { origin: new URL(server.url).origin, storageTypes: 'indexeddb' });
      await putFiles(page, ['e'], 'kept').catch(() => {});
      await until('everything is written again', async () => {
        const { seq, durableSeq, storage } = await statusOf(page);
        return durableSeq === seq && storage.error === null;
      });
      await page.reload();
      await page.getByText('settled').waitFor();
      assert.deepEqual(await filesOf(page), { ...kAll, e: 'kept' });
    });

    testWithProfile('without storage buckets the copy is in the private file system', async (profile) => {
      const page = await profile.open();
      await page.context().addInitScript(() => Object.defineProperty(Navigator.prototype, 'storageBuckets', { value: undefined }));
      await openCorePage(page, server.url);
      await putFiles(page, kIds, 'kept');
      await untilMirrored(page);
      assert.equal((await statusOf(page)).storage.standby.kind, 'opfs');
      await profile.kill();
      profile.removeDatabases();
      const again = await profile.open();
      await again.context().addInitScript(() => Object.defineProperty(Navigator.prototype, 'storageBuckets', { value: undefined }));
      await openCorePage(again, server.url);
      assert.deepEqual(await filesOf(again), kAll);
      assert.equal((await statusOf(again)).storage.incident.restoredFrom, 'opfs');
    });
  }

  /** Runs `change(cursor)`, as text, on the last record of the closed store. */
  const onLastRecord = (page, change) => page.evaluate((body) => new Promise((resolve, reject) => {
    const request = indexedDB.open('/codeforge-test', 21);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction('FILE_DATA', 'readwrite');
      const opening = transaction.objectStore('FILE_DATA').openCursor(IDBKeyRange.bound('/codeforge-test/log-', '/codeforge-test/log-~'), 'prev');
      opening.onsuccess = () => {
        const cursor = opening.result;
        const { value } = cursor;
        if (body === 'delete') return void cursor.delete();
        value.contents[value.contents.length >> 1] ^= 0x10;
        cursor.update(value);
      };
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  }), change);

  for (const [what, change, expected] of [
    ['flipped bytes in a stored record', 'flip', ['damaged', Profile.standby, 0, 0, 1]],
    ['a store whose last file is missing', 'delete', ['rolled-back', Profile.standby, 0, 0, 0]],
  ]) {
    testWithProfile(`${what}: mended from the standby copy`, async (profile) => {
      const page = await filled(profile);
      await untilMirrored(page);
      await page.evaluate(() => window.core.close());
      await onLastRecord(page, change);
      await page.reload();
      await page.getByText('settled').waitFor();
      assert.deepEqual(await filesOf(page), kAll);
      const { incident } = (await statusOf(page)).storage;
      assert.deepEqual([incident.cause, incident.restoredFrom, incident.damaged, incident.lost, incident.quarantined], expected);
    });
  }

  testWithProfile('a large store is copied too, in parts, while it is being edited', async (profile) => {
    const page = await openCorePage(await profile.open(), server.url);
    await page.evaluate(() => {
      const { files } = window.module;
      window.core.dispatch(files.setItems(Array.from({ length: 10_000 }, (_, index) => ({ id: `f${index}`, name: 'f', content: 'x'.repeat(900), language: 'text', path: '/f', updatedAt: 1 }))));
      return window.core.flush();
    });
    await untilMirrored(page);
    await page.reload();
    await page.getByText('settled').waitFor();
    for (let round = 0; round < 20; round++) await putFiles(page, ['f7'], String(round));
    await untilMirrored(page);
    await profile.kill();
    profile.removeDatabases();
    const found = await filesOf(await openCorePage(await profile.open(), server.url));
    assert.deepEqual([Object.keys(found).length, found.f7, found.f8], [10_000, '19', 'x'.repeat(900)]);
  });
});
