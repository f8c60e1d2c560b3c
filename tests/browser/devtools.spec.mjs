// Redux DevTools in a real page: the extension's protocol across frames, time travel on the screen, and nothing of it on the disk.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Profile } from './support/browser.mjs';
import { serveFixture } from './support/fixture-page.mjs';
import { until } from './support/until.mjs';

describe('devtools', () => {
  const profile = new Profile();
  let server;
  let page;
  let panel;
  let stores = 0;
  const faults = [];
  before(async () => {
    server = await serveFixture('devtools');
    page = await profile.open();
    await page.addInitScript({ path: fileURLToPath(new URL('fixtures/devtools/extension.js', import.meta.url)) });
    page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
    panel = page.frameLocator('iframe[title="Redux DevTools"]');
  });
  beforeEach(async () => {
    await page.goto(`${server.url}?store=devtools-${++stores}`);
    await panel.getByRole('heading', { name: 'shop' }).waitFor();
  });
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const untilShown = (...expected) => until(`the page shows ${expected}`, async () => {
    assert.deepEqual(await page.locator('li > span').allTextContents(), expected);
    return true;
  });
  const untilLogged = (...types) => until(`the panel shows ${types}`, async () => {
    assert.deepEqual((await panel.getByRole('listitem').allTextContents()).map((text) => text.replace('Jump to ', '')), ['@@INIT', ...types]);
    return true;
  });

  test('every action is in the panel with what it changed; the slider shows each moment on the page, and a reload the present', { timeout: 90_000 }, async () => {
    await press('Add');
    await press('Add');
    await press('Count f1');
    await press('Remove f2');
    await untilShown('f1=1');
    await untilLogged('files/addFile', 'files/addFile', 'files/updateItem', 'files/removeItem');
    const states = await panel.getByRole('listitem').evaluateAll((lines) => lines.map(({ dataset }) => JSON.parse(dataset.state).changed));
    assert.deepEqual(states.map((changed) => Object.keys(changed)), [[], ['files:f1'], ['files:f2'], ['files:f1'], ['files:f2']]);
    const slider = panel.getByRole('slider', { name: 'Moment' });
    for (const [moment, shown] of [[3, ['f1=1', 'f2=0']], [1, ['f1=0']], [0, []], [2, ['f1=0', 'f2=0']]]) {
      await slider.fill(String(moment));
      await untilShown(...shown);
    }
    await page.evaluate(() => window.core.flush());
    await page.reload();
    await untilShown('f1=1');
    assert.deepEqual(faults, []);
  });

  test('after a jump the next action of the page begins at the present; undo takes back what was done last, not what is shown', { timeout: 90_000 }, async () => {
    for (const name of ['Add', 'Count f1', 'Count f1']) await press(name);
    await panel.getByRole('button', { name: 'Jump to files/addFile' }).click();
    await untilShown('f1=0');
    await press('Add');
    await untilShown('f1=2', 'f2=0');
    await panel.getByRole('button', { name: 'Jump to files/updateItem' }).first().click();
    await untilShown('f1=1');
    await press('Undo');
    await untilShown('f1=2');
  });

  test('an action typed into the panel is dispatched; a refused one, and a button that is none of ours, are explained there', { timeout: 90_000 }, async () => {
    const dispatch = async (text) => {
      await panel.getByRole('textbox', { name: 'Action' }).fill(text);
      await panel.getByRole('button', { name: 'Dispatch' }).click();
    };
    await dispatch(JSON.stringify({ type: 'files/addFile', payload: { id: 'typed', name: 'typed', content: '7', language: 'text', path: '/', updatedAt: 1 } }));
    await untilShown('typed=7');
    await dispatch('{"type":"files/nothing"}');
    await panel.getByText(/files\/nothing|no action/).waitFor();
    await panel.getByRole('button', { name: 'IMPORT_STATE' }).click();
    await panel.getByText(/IMPORT_STATE is not possible/).waitFor();
    await panel.getByRole('button', { name: 'COMMIT' }).click();
    await untilLogged();
    await press('Count typed');
    await panel.getByRole('button', { name: 'ROLLBACK' }).click();
    await untilShown('typed=7');
    assert.equal(await page.evaluate(() => window.core.status().seq), 2, 'two commits, whatever was shown');
    assert.deepEqual(faults, []);
  });
});
