// StorageManagement and ReduxIntegrationDemo in Chromium with the real Flask server: copies both ways with their counts, export, import, danger.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { componentsSuite, sampleFile as file } from './support/components-page.mjs';
import { until } from './support/until.mjs';

describe('storage page', () => {
  const { flask, started } = componentsSuite();
  let page;
  let components;
  before(() => ({ page, components } = started()));

  const press = (name) => page.getByRole('button', { name }).click();
  const card = (name) => page.getByRole('region', { name });
  const status = (text) => page.getByRole('status').filter({ hasText: text });

  test('the backend in use, with its room and its contents', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await card('In use now').getByText('IndexedDB', { exact: true }).waitFor();
    const meter = page.getByRole('meter', { name: 'Room used' });
    await meter.waitFor();
    assert.ok(Number(await meter.getAttribute('aria-valuemax')) > 1_000_000);
    await card('Contents').getByText('Nothing here yet').waitFor();
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    await card('Contents').getByText('2 items').waitFor();
    assert.deepEqual(components.faults, []);
  });

  test('copies to the server and back, with counts; the server’s own edits are not overwritten', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await components.putOnServer('files:there', file('there'));
    await components.dispatch('files/addItems', [file('a'), file('b'), file('c')]);
    await press('Copy all to the server');
    await status('Pushed 3 changes. The server has 4 items now').waitFor();
    assert.deepEqual(Object.keys(await flask.contents()).sort(), ['files:a', 'files:b', 'files:c', 'files:there']);
    await components.putOnServer('files:later', file('later'));
    await press('Copy all to this device');
    await status('Pulled 1 change').waitFor();
    assert.equal((await components.read('files', 'later')).name, 'later.ts');
    assert.equal((await components.read('files', 'there')).name, 'there.ts');
  });

  test('what the server lost is copied there again', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    await press('Copy all to the server');
    await status('The server has 2 items now').waitFor();
    await flask.clear();
    await press('Copy all to the server');
    await status('Pushed 2 changes. The server has 2 items now').waitFor();
    assert.equal((await components.read('files', 'a')).name, 'a.ts');
  });

  test('with the server away a copy says why it failed', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await flask.stop();
    await press('Copy all to the server');
    await status('the server cannot be reached').waitFor();
    await flask.start();
    await press('Copy all to the server');
    await status('The server has 0 items now').waitFor();
  });

  test('export and import: the file of one store makes the other', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    const downloading = page.waitForEvent('download');
    await press('Export everything');
    const download = await downloading;
    assert.match(download.suggestedFilename(), /^codeforge-data-\d{4}-\d\d-\d\d\.json$/);
    const exported = readFileSync(await download.path());
    await components.open('storage');
    const choosing = page.waitForEvent('filechooser');
    await press('Import files…');
    await (await choosing).setFiles([{ name: 'all.json', mimeType: 'application/json', buffer: exported }, { name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{"no":') }]);
    await status('all.json: 2 files').waitFor();
    await page.getByRole('alert').filter({ hasText: 'broken.json' }).waitFor();
    assert.equal((await components.read('files', 'b')).content, file('b').content);
  });

  test('emptying the server asks with the number, and leaves this device as it is', { timeout: 60_000 }, async () => {
    await components.open('storage');
    await components.dispatch('files/addItems', [file('a'), file('b')]);
    await components.sync('push');
    await press('Empty the server…');
    const dialog = page.getByRole('dialog', { name: 'Empty the server?' });
    await dialog.getByText('2 items').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(Object.keys(await flask.contents()).length, 2);
    await press('Empty the server…');
    await dialog.getByRole('button', { name: 'Empty the server' }).click();
    await status('The server is empty').waitFor();
    assert.deepEqual(await flask.contents(), {});
    assert.equal((await components.read('files', 'a')).name, 'a.ts');
  });

  test('demo: a file is created, pushed, deleted; the server is cleared after a question', { timeout: 60_000 }, async () => {
    await components.open('demo');
    await card('Flask API').getByText('Connected', { exact: true }).waitFor();
    await press('Create a test file');
    await status('Created, and on this device').waitFor();
    await press('Push');
    await status('The server has everything').waitFor();
    await card('Flask API').getByText('1', { exact: true }).waitFor();
    const [key] = Object.keys(await flask.contents());
    await press(/^Delete file-/);
    await card('Files in the store').getByText('No files yet').waitFor();
    assert.equal(await components.read('files', key.replace('files:', '')), undefined);
    await press('Clear Flask storage…');
    await page.getByRole('dialog').getByRole('button', { name: 'Clear it' }).click();
    await until('the server is empty', async () => Object.keys(await flask.contents()).length === 0);
    assert.deepEqual(components.faults, []);
  });

  test('the browser is asked for permanence, and its answer is told', { timeout: 60_000 }, async () => {
    // The core does not ask by itself. A permission counts as permanence as soon as somebody looks, which the page does after each save:
    // it is given when everything is saved.
    await components.open('storage', { persist: 'ask' });
    await until('everything is saved', () => page.evaluate(() => window.core.status().save === 'saved' && window.core.status().unsavedCommits === 0));
    const session = await page.context().newCDPSession(page);
    await session.send('Browser.grantPermissions', { permissions: ['durableStorage'], origin: new URL(components.url).origin });
    await press('Ask to keep it');
    await card('Kept by the browser').getByText('permanent').waitFor();
  });
});
