// The editor's store is encrypted from its storage page, asks for its passphrase at the next start, and is made plain again.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Profile } from './support/chromium.mjs';
import { assertAccessible, assertNoSideScroll } from './support/components-page.mjs';
import { Editor } from './support/editor.mjs';
import { serveEditor } from './support/editor-server.mjs';

/** A folder for pictures to look at; without it none are made. */
const kPictures = process.env.PICTURES;

describe('encryption in the editor', () => {
  let server;
  const profile = new Profile();
  before(async () => { server = await serveEditor(); });
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  async function picture(page, name) {
    if (!kPictures) return;
    mkdirSync(kPictures, { recursive: true });
    for (const [kind, colorScheme, width] of [['light', 'light', 1280], ['dark', 'dark', 1280], ['narrow', 'dark', 390]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `${kPictures}/${name}-${kind}.png` });
    }
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  test('on, open with the passphrase, another passphrase, off', { timeout: 180_000 }, async () => {
    const page = await profile.open();
    const editor = await Editor.open(page, server.url);
    const state = await editor.state();
    const card = page.getByRole('region', { name: 'Encryption' });
    const press = (name) => page.getByRole('button', { name, exact: true }).click();
    const heading = page.getByRole('heading', { name: 'Your workspace is encrypted' });
    const problem = page.getByRole('alert');
    const openWith = async (passphrase) => {
      await page.getByLabel('Passphrase').fill(passphrase);
      await press('Open');
    };
    await editor.go('#/storage');
    await card.getByText('off').waitFor();
    await press('Encrypt this device…');
    await page.getByLabel('New passphrase').fill('short');
    await press('Encrypt');
    await problem.getByText('at least 10 characters').waitFor();
    await page.getByLabel('New passphrase').fill('a few good words');
    await page.getByLabel('Once more').fill('a few other words');
    await press('Encrypt');
    await problem.getByText('not the same').waitFor();
    await picture(page, 'encrypt');
    await page.getByLabel('Once more').fill('a few good words');
    await press('Encrypt');

    await heading.waitFor();
    assert.equal(await page.getByLabel('Passphrase').evaluate((field) => field === document.activeElement), true);
    await assertAccessible(page, 'the page that asks');
    await openWith('not this one');
    await problem.getByText('does not open it').waitFor();
    await picture(page, 'asking');
    await page.setViewportSize({ width: 360, height: 700 });
    await assertNoSideScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await openWith('a few good words');
    await editor.ready();
    assert.deepEqual(await editor.state(), state);
    assert.deepEqual((await editor.status()).storage.seal, { by: 'passphrase', rejected: [] });

    await editor.go('#/storage');
    await card.getByText('encrypted', { exact: true }).waitFor();
    await press('Change the passphrase…');
    await page.getByLabel('New passphrase').fill('quite other words');
    await page.getByLabel('Once more').fill('quite other words');
    await press('Change it');
    await card.getByText('The new passphrase is in force.').waitFor();
    await assertAccessible(page, 'the storage page');
    await picture(page, 'encrypted');
    await page.reload();
    await heading.waitFor();
    await openWith('a few good words');
    await problem.getByText('does not open it').waitFor();
    await openWith('quite other words');
    await editor.ready();

    await editor.go('#/storage');
    await press('Stop encrypting…');
    await page.getByLabel('Passphrase').fill('quite other words');
    const opened = page.waitForEvent('load');
    await press('Stop encrypting');
    await opened;
    await editor.ready();
    assert.deepEqual(await editor.state(), state);
    assert.equal((await editor.status()).storage.seal, null);
    editor.assertNoFaults();
  });
});
