// The status bar says what is true, and nothing else.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Profile } from './support/chromium.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';
import { Flask } from './support/flask.mjs';

const kTexts = /^(Saving…|Saved on this device|Saved \(synced\)|Offline — \d+ changes? waiting|Conflict in .+|Storage problem — export now)$/;

/** Everything that the status bar has said since. */
async function watchTexts(page) {
  await page.evaluate(() => {
    const bar = document.querySelector('footer');
    window.said = [];
    const note = () => window.said.push(bar.querySelector('.cf-save-text').textContent);
    new MutationObserver(note).observe(bar, { subtree: true, childList: true, characterData: true });
    note();
  });
  return () => page.evaluate(() => [...new Set(window.said)]);
}

describe('status bar', () => {
  const profile = new Profile();
  const flask = new Flask();
  let page;
  let alone;
  let served;
  before(async () => {
    await flask.start();
    alone = await serveEditor();
    served = await serveEditor({ flaskApiUrl: flask.url });
    page = await profile.open();
  });
  beforeEach(() => flask.clear());
  after(async () => {
    await profile.remove();
    await alone?.close();
    await served?.close();
    await flask.remove();
  });

  test('an edit is being saved, then saved, then synced', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, served.url, { store: 'texts' });
    await editor.untilText('Saved (synced)');
    const said = await watchTexts(page);
    await editor.openFile('file-price-ts');
    await editor.type('// one edit after another');
    await editor.untilText('Saved on this device');
    await editor.untilText('Saved (synced)');
    const texts = await said();
    assert.ok(texts.includes('Saving…'), texts.join(', '));
    for (const text of texts) assert.match(text, kTexts);
  });

  test('with the server away it counts what waits, in singular and plural', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, served.url, { store: 'away' });
    await editor.untilText('Saved (synced)');
    await flask.stop();
    await editor.openFile('file-price-ts');
    await editor.type('x');
    await editor.untilText('Offline — 1 change waiting');
    await editor.openFile('file-types-ts');
    await editor.type('x');
    await editor.untilText('Offline — 2 changes waiting');
    await flask.start();
    await editor.untilText('Saved (synced)');
  });

  test('a store that cannot be written is a storage problem; the work can be exported, and is saved when writing works again', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, alone.url, { store: 'unwritable' });
    await editor.untilSaved();
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      window.repairStorage = () => { IDBObjectStore.prototype.put = put; };
      // What a full or broken disk does: the transaction is aborted after the put was accepted.
      IDBObjectStore.prototype.put = function putAndAbort(...values) {
        const request = put.apply(this, values);
        this.transaction.abort();
        return request;
      };
    });
    await editor.openFile('file-price-ts');
    await editor.type('// not on the device yet');
    await editor.untilText('Storage problem — export now');
    const downloading = page.waitForEvent('download');
    await page.locator('.status-bar .cf-save').click();
    assert.match((await downloading).suggestedFilename(), /^quay-street-bakery-\d{4}-\d\d-\d\d\.json$/);
    await page.evaluate(() => window.repairStorage());
    await editor.untilText(/^(Saved on this device|Offline — .*)$/);
    const state = await editor.state();
    assert.ok(state.files.files.find((file) => file.id === 'file-price-ts').content.endsWith('// not on the device yet'));
    await editor.reload();
    assert.deepEqual(await editor.state(), state);
    editor.assertNoFaults();
  });
});
