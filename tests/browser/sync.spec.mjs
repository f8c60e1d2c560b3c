// The editor with the real Flask server: away and back, two devices, conflicts.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Profile } from './support/browser.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';
import { Flask } from './support/flask.mjs';
import { until } from './support/until.mjs';

const kFile = 'file-price-ts';
const collections = { files: 'files', models: 'models', components: 'components', componentTrees: 'trees', workflows: 'workflows', lambdas: 'lambdas' };

const contents = (state) => Object.fromEntries(Object.entries(collections).map(([slice, list]) => [slice, [...state[slice][list]].sort((one, other) => (one.id < other.id ? -1 : 1))]));

describe('sync', () => {
  const flask = new Flask();
  const profiles = [new Profile(), new Profile()];
  const pages = [];
  let server;
  let count = 0;
  before(async () => {
    await flask.start();
    server = await serveEditor({ flaskApiUrl: flask.url });
    for (const profile of profiles) pages.push(await profile.open());
  });
  beforeEach(() => flask.clear());
  after(async () => {
    await Promise.all(profiles.map((profile) => profile.remove()));
    await server?.close();
    await flask.remove();
  });

  /** A store that no other test uses, with automatic pushes only where they are the matter. */
  async function open(device, { example = true, autoSync = false, store = `sync-${count}` } = {}) {
    const editor = await Editor.open(pages[device], server.url, { store, example });
    if (!autoSync) await pages[device].evaluate(() => window.codeforge.dispatch({ type: 'settings/updateSettings', payload: { autoSync: false } }));
    return editor;
  }

  async function push(editor) {
    await until('a push can start', () => editor.page.getByTestId('push').isEnabled());
    await editor.page.getByTestId('push').click();
    await until('nothing waits to be sent', async () => (await editor.status()).sync.pending === 0);
  }

  async function pull(editor) {
    await until('a pull can start', () => editor.page.getByTestId('pull').isEnabled());
    await editor.page.getByTestId('pull').click();
    await editor.page.locator('.cf-toast').filter({ hasText: /Pulled|Nothing new/ }).last().waitFor();
  }

  test('with the server away the editor goes on; when it is back each edit is pushed once', { timeout: 120_000 }, async () => {
    count++;
    const editor = await open(0, { autoSync: true });
    await editor.untilText('Saved (synced)');
    await flask.stop();
    await editor.openFile(kFile);
    await editor.type('// while away');
    await editor.go('#/models/model-order');
    await editor.page.getByTestId('add-field').click();
    await editor.go('#/files/file-opening-hours-json');
    await editor.page.locator('[data-id="file-opening-hours-json"]').hover();
    await editor.page.getByRole('button', { name: 'Delete opening-hours.json' }).click();
    await editor.untilText(/^Offline — 3 changes waiting$/);
    await editor.reload();
    await editor.untilText(/^Offline — 3 changes waiting$/);
    const { content } = await editor.item('files', kFile);
    flask.writes = [];
    await flask.start();
    await editor.untilText('Saved (synced)');
    assert.deepEqual(flask.writes.map(({ method, key }) => `${method} ${key}`).sort(), ['DELETE files:file-opening-hours-json', `PUT files:${kFile}`, 'PUT models:model-order']);
    assert.ok(content.endsWith('// while away'));
    assert.equal((await flask.contents())[`files:${kFile}`].content, content);
    editor.assertNoFaults();
  });

  test('what one device pushed a second one pulls', { timeout: 120_000 }, async () => {
    count++;
    const one = await open(0);
    await one.openFile(kFile);
    await one.type('// from the first device');
    await push(one);
    const other = await open(1, { example: false });
    await pull(other);
    assert.deepEqual(contents(await other.state()), contents(await one.state()));
    assert.equal(await other.page.getByTestId('count-files').textContent(), '8');
    await other.untilSaved();
    await other.reload();
    assert.deepEqual(contents(await other.state()), contents(await one.state()));
  });

  test('a pull from an empty server removes nothing', { timeout: 120_000 }, async () => {
    count++;
    const editor = await open(0);
    await push(editor);
    const state = contents(await editor.state());
    await flask.clear();
    await pull(editor);
    assert.deepEqual(contents(await editor.state()), state);
    assert.equal((await editor.status()).sync.conflicts, 0);
  });

  for (const [strategy, expected] of [['local', 'second'], ['remote', 'first']]) {
    test(`both devices changed a file: both versions are shown, and "Keep ${strategy}" decides`, { timeout: 120_000 }, async () => {
      count++;
      const one = await open(0);
      await push(one);
      const other = await open(1, { example: false });
      await pull(other);
      for (const [editor, word] of [[one, 'first'], [other, 'second']]) {
        await editor.openFile(kFile);
        await editor.type(`// ${word}`);
      }
      await push(one);
      await pull(other);
      await other.untilText('Conflict in price.ts');
      await other.page.locator('.top-bar').getByRole('link', { name: '1 conflict' }).first().click();
      await other.page.locator('.cf-side[data-side=local]').getByText('// second').waitFor();
      await other.page.locator('.cf-side[data-side=remote]').getByText('// first').waitFor();
      await other.page.getByRole('button', { name: `Keep ${strategy}`, exact: true }).click();
      await other.page.getByRole('button', { name: 'Apply' }).click();
      await other.page.getByText('No conflicts').waitFor();
      assert.ok((await other.item('files', kFile)).content.endsWith(`// ${expected}`));
      await push(other);
      assert.ok((await flask.contents())[`files:${kFile}`].content.endsWith(`// ${expected}`));
      await other.untilText('Saved (synced)');
    });
  }

  test('changes of different members of one model are merged', { timeout: 120_000 }, async () => {
    count++;
    const one = await open(0);
    await push(one);
    const other = await open(1, { example: false });
    await pull(other);
    await one.go('#/models/model-product');
    await one.fill(one.page.locator('.inspector').getByLabel('Name'), 'Bake');
    await other.go('#/models/model-product');
    await other.page.getByTestId('add-field').click();
    await push(one);
    await pull(other);
    const merged = async () => {
      const { name, fields } = await other.item('models', 'model-product');
      return [name, fields.length];
    };
    await other.untilText('Conflict in Product');
    await other.go('#/conflicts');
    await other.page.getByRole('button', { name: 'Merge', exact: true }).click();
    await other.page.getByRole('button', { name: 'Apply' }).click();
    await until('both changes are there', async () => JSON.stringify(await merged()) === '["Bake",7]');
    await push(other);
    await pull(one);
    assert.deepEqual(contents(await one.state()), contents(await other.state()));
  });
});
