// Backups in a real browser, by the storage page: made, the store damaged or wiped with its standby copy, restored; in the storage
// bucket, and in the origin's private files where there are no buckets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { forBrowser } from './support/browser.mjs';
import { assertAccessible, assertNoSideScroll, componentsSuite, sampleFile as file } from './support/components-page.mjs';
import { until } from './support/until.mjs';

describe('backups', () => {
  const { started } = componentsSuite();
  let page;
  let components;
  before(() => ({ page, components } = started()));

  const card = () => page.getByRole('region', { name: 'Backups' });
  const press = (name) => page.getByRole('button', { name }).first().click();
  const outcome = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const confirm = (title, name) => page.getByRole('dialog', { name: title }).getByRole('button', { name }).click();
  const idsOf = () => page.evaluate(() => window.core.getState().files.files.map(({ id }) => id));
  const storeOf = () => new URL(page.url()).searchParams.get('store');

  /** Closes the core, and takes its database and the standby copy away as a browser that lost them would. */
  async function wipe() {
    await page.evaluate(async (name) => {
      await window.core.close();
      const removed = (factory) => new Promise((resolve, reject) => {
        const request = factory.deleteDatabase(`/codeforge-${name}`);
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error('blocked'));
      });
      await removed(indexedDB);
      if (navigator.storageBuckets) await navigator.storageBuckets.delete('codeforge-standby');
      else await (await navigator.storage.getDirectory()).removeEntry('codeforge-standby', { recursive: true });
    }, storeOf());
  }

  async function reopen() {
    await page.goto(page.url());
    await page.waitForFunction(() => window.core?.status().phase === 'ready');
  }

  test('made by a button, restored after everything was deleted, and undone', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await card().getByText('No backups yet').waitFor();
    await card().getByText('Once an hour while there are edits').waitFor();
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    await press('Make a backup now');
    await outcome('2 items');
    await card().getByRole('listitem').filter({ hasText: 'made by hand' }).waitFor();
    await components.dispatch('files/setItems', [file('wrong')]);
    await press(/^Restore the backup of/);
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await dialog.getByText('2 items').waitFor();
    await page.keyboard.press('Escape');
    assert.deepEqual(await idsOf(), ['wrong'], 'Escape restores nothing');
    await press(/^Restore the backup of/);
    await confirm('Restore this backup?', 'Restore');
    await outcome('Restored: 2 files; 1 removed; Undo takes it back');
    assert.deepEqual(await idsOf(), ['a', 'b']);
    await card().getByRole('listitem').filter({ hasText: 'before a restore' }).waitFor();
    await page.evaluate(() => void window.core.undo());
    assert.deepEqual(await idsOf(), ['wrong']);
    assert.deepEqual(components.faults, []);
  });

  test('a downloaded backup is a file that another store replaces itself with', { timeout: 60_000, skip: forBrowser({ chromium: false, firefox: 'the driver tells of no downloads' }) }, async () => {
    await components.open('storage');
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    await press('Make a backup now');
    await outcome('2 items');
    const downloading = page.waitForEvent('download');
    await press(/^Download the backup of/);
    const download = await downloading;
    assert.match(download.suggestedFilename(), /^components-\d+-\d{4}-\d\d-\d\dT\d{6}\.json\.gz$/);
    const bytes = readFileSync(await download.path());
    assert.equal(JSON.parse(gunzipSync(bytes)).slices.files.files.length, 2);
    await components.open('storage');
    await components.dispatch('files/addItems', [file('b', { content: 'other' }), file('c')]);
    await press('Replace');
    const choosing = page.waitForEvent('filechooser');
    await press('Import files…');
    await (await choosing).setFiles([{ name: 'all.json.gz', mimeType: 'application/gzip', buffer: bytes }]);
    await page.getByRole('dialog', { name: 'Replace with all.json.gz?' }).getByText('It has 2 files').waitFor();
    await confirm('Replace with all.json.gz?', 'Replace');
    await outcome('all.json.gz: 2 files; 1 removed; Undo takes it back');
    assert.deepEqual((await idsOf()).sort(), ['a', 'b']);
    assert.equal((await components.read('files', 'b')).content, file('b').content);
    await card().getByRole('listitem').filter({ hasText: 'before an import' }).waitFor();
  });

  test('a removed backup is gone; one that is damaged is refused and changes nothing', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await components.dispatch('files/addItems', [file('a')]);
    await press('Make a backup now');
    await outcome('1 item');
    await components.dispatch('files/addItems', [file('b')]);
    await page.evaluate(async (name) => {
      if (!navigator.storageBuckets) {
        const folder = await (await (await navigator.storage.getDirectory()).getDirectoryHandle('codeforge-backups')).getDirectoryHandle(`codeforge-${name}`);
        for await (const [key, handle] of folder.entries()) {
          if (key.endsWith('.entry')) continue;
          const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
          bytes[bytes.length >> 1] ^= 4;
          const writable = await handle.createWritable();
          await writable.write(bytes);
          await writable.close();
        }
        return;
      }
      const bucket = await navigator.storageBuckets.open('codeforge-backups');
      const settled = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
      const db = await settled(bucket.indexedDB.open(`codeforge-${name}`));
      const store = db.transaction('files', 'readwrite').objectStore('files');
      const [id] = await settled(store.getAllKeys());
      const bytes = await settled(store.get(id));
      bytes[bytes.length >> 1] ^= 4;
      await settled(store.put(bytes, id));
      db.close();
    }, storeOf());
    await press(/^Restore the backup of/);
    await confirm('Restore this backup?', 'Restore');
    await outcome('is damaged: its checksum differs');
    assert.deepEqual(await idsOf(), ['a', 'b']);
    await press(/^Remove the backup of/);
    await confirm('Remove this backup?', 'Remove');
    await card().getByText('No backups yet').waitFor();
  });

  for (const [place, hidden] of forBrowser({ chromium: [['bucket', false], ['opfs', true]], firefox: [['opfs', false]] })) {
    test(`in the place "${place}": the database and the standby copy are wiped, and everything comes back`, { timeout: 90_000 }, async () => {
      if (hidden) await page.addInitScript(() => { delete Navigator.prototype.storageBuckets; });
      await components.open('storage');
      const files = Array.from({ length: 500 }, (_, index) => file(`f${index}`, { content: `// ${index}\n`.repeat(50) }));
      await components.dispatch('files/addItems', files);
      await press('Make a backup now');
      await outcome('500 items');
      assert.equal(await page.evaluate(() => window.core.status().backups.place), place);
      await page.evaluate(() => window.core.flush());
      await wipe();
      await reopen();
      const status = await page.evaluate(() => window.core.status());
      assert.deepEqual([await idsOf(), status.storage.incident?.cause, status.storage.incident?.decision], [[], 'wiped', 'needed']);
      await press(/^Restore the backup of/);
      await confirm('Restore this backup?', 'Restore');
      await outcome('Restored: 500 files');
      assert.deepEqual(await page.evaluate(() => window.core.getState().files.files), files);
      await until('the wipe is dealt with', () => page.evaluate(() => window.core.status().storage.incident.decision !== 'needed'));
      await reopen();
      assert.deepEqual(await page.evaluate(() => window.core.getState().files.files), files);
      assert.deepEqual(components.faults, []);
    });
  }

  test('the card, wide and narrow, light and dark, can be used by everybody', { timeout: 60_000 }, async () => {
    for (const theme of ['light', 'dark']) {
      await components.open('storage', { theme });
      await components.dispatch('files/addItems', [file('a')]);
      await page.evaluate(async () => {
        for (const name of ['before the new prices', 'a', 'b', 'c', 'd', 'e']) await window.core.backups.create(name);
      });
      await page.getByRole('button', { name: 'Show all 6' }).waitFor();
      for (const width of [1280, 380]) {
        await page.setViewportSize({ width, height: 900 });
        await assertAccessible(page, `${theme} ${width}`);
        await assertNoSideScroll(page);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/storage-${theme}-${width}.png`, fullPage: true });
      }
      await page.setViewportSize({ width: 1280, height: 720 });
    }
  });
});
