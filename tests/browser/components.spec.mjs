// The components in Chromium, on a real core with the real Flask server: accessibility in both themes, keyboard, conflicts per field.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { assertAccessible, assertNoSideScroll, componentsSuite, sampleFile as file, smallControls } from './support/components-page.mjs';
import { until } from './support/until.mjs';

const kThemes = ['light', 'dark'];

describe('components', () => {
  const { flask, started } = componentsSuite();
  let page;
  let components;
  before(() => ({ page, components } = started()));
  beforeEach(() => page.setViewportSize({ width: 1280, height: 860 }));

  const open = (...args) => components.open(...args);
  const dispatch = (...args) => components.dispatch(...args);
  const read = (...args) => components.read(...args);
  const sync = (command) => components.sync(command);
  const putOnServer = (...args) => components.putOnServer(...args);
  const untilOnServer = (...args) => components.untilOnServer(...args);

  /** Files that were changed here and on the server: name here, language there, content on both sides. */
  async function diverge(...ids) {
    await dispatch('files/addItems', ids.map((id) => file(id)));
    await sync('push');
    for (const id of ids) {
      await putOnServer(`files:${id}`, file(id, { language: 'javascript', content: 'const there = 1;\n', updatedAt: 1_700_000_001_000 }));
      await dispatch('files/updateItem', { id, name: `${id}-renamed.ts`, content: 'const here = 1;\n', updatedAt: 1_700_000_002_000 });
    }
    await sync('pull');
    await until('the conflicts are there', () => page.evaluate((expected) => window.core.getState().conflicts.conflicts.length === expected, ids.length));
  }

  const scenes = {
    dashboard: async () => {
      await dispatch('files/addItems', [file('a'), file('b')]);
      await sync('push');
      await dispatch('files/updateItem', { id: 'a', content: 'x' });
    },
    conflicts: async () => {
      await diverge('a', 'b');
      const row = page.locator('.cf-conflict[data-id="files:a"] .cf-conflict-row');
      await row.waitFor();
      if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
      await page.getByLabel('Write it myself').first().check();
    },
    signs: async () => {
      await diverge('a');
      await page.evaluate(() => window.toasts.show({ tone: 'bad', text: 'Bad', detail: 'With a detail', action: { label: 'Do', run() {} } }));
    },
    storage: async () => {
      await dispatch('files/addItem', file('a'));
      await page.getByRole('button', { name: 'Copy all to the server' }).click();
      await page.getByText('The server has 1 item now').waitFor();
    },
    demo: async () => {
      await page.getByRole('button', { name: 'Create a test file' }).click();
      await page.getByText('Created, and on this device').waitFor();
    },
    confirm: () => page.getByRole('button', { name: 'Ask' }).click(),
  };
  for (const [part, scene] of Object.entries(scenes)) {
    test(`${part}: axe finds nothing, in light and dark, wide and narrow; nothing scrolls sideways`, { timeout: 90_000 }, async () => {
      for (const theme of kThemes) {
        await page.setViewportSize({ width: 1280, height: 860 });
        // Emptied first: a page takes what the server has when it opens, and would tell what is emptied later as deleted there.
        await flask.clear();
        await open(part, { theme });
        await scene();
        await assertAccessible(page, `${theme}, wide`);
        await page.setViewportSize({ width: 390, height: 844 });
        await assertNoSideScroll(page);
        await assertAccessible(page, `${theme}, narrow`);
      }
      assert.deepEqual(components.faults, []);
    });
  }

  test('light and dark follow the system, and an attribute decides otherwise', { timeout: 60_000 }, async () => {
    const ground = () => page.locator('.cf-card').first().evaluate((card) => getComputedStyle(card).backgroundColor);
    await page.emulateMedia({ colorScheme: 'dark' });
    await open('dashboard');
    const dark = await ground();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    assert.notEqual(light, dark);
    await page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
    assert.equal(await ground(), dark);
    await page.evaluate(() => { document.documentElement.style.setProperty('--cf-surface', 'rgb(1, 2, 3)'); });
    assert.equal(await ground(), 'rgb(1, 2, 3)');
    await page.emulateMedia({ colorScheme: null });
  });

  test('on a narrow screen every control is 44 pixels high', { timeout: 60_000 }, async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [part, scene] of Object.entries(scenes)) {
      await flask.clear();
      await open(part);
      await scene();
      assert.deepEqual(await smallControls(page), [], part);
    }
  });

  test('conflict: each field from its side, one written by hand; the outcome is pushed', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await diverge('a');
    assert.equal(await page.locator('.cf-toast').count(), 0, 'whoever looks at the list needs no message');
    // One conflict is open by itself, with the merge chosen.
    await page.getByText('2 fields from this device, 1 field from the server').waitFor();
    await page.getByRole('group', { name: /^name/ }).getByLabel('Server').check();
    await page.getByRole('group', { name: /^content/ }).getByLabel('Write it myself').check();
    await page.getByLabel('Your own value').fill('const both = 2;\n');
    await page.getByText('1 field by hand').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('No conflicts').waitFor();
    const expected = { name: 'a.ts', language: 'javascript', content: 'const both = 2;\n' };
    const { name, language, content } = await read('files', 'a');
    assert.deepEqual({ name, language, content }, expected);
    await untilOnServer('files:a', expected);
    await page.locator('.cf-toast').filter({ hasText: 'Combined both versions' }).waitFor();
    assert.deepEqual(components.faults, []);
  });

  for (const [label, expected] of [['Keep local', { name: 'a-renamed.ts', language: 'typescript', content: 'const here = 1;\n' }], ['Keep remote', { name: 'a.ts', language: 'javascript', content: 'const there = 1;\n' }], ['Merge', { name: 'a-renamed.ts', language: 'javascript', content: 'const here = 1;\n' }]]) {
    test(`conflict: "${label}" chooses for all fields, here and on the server`, { timeout: 60_000 }, async () => {
      await open('detail', { id: 'files:a' });
      await page.getByText('This conflict is resolved').waitFor();
      await diverge('a');
      await page.getByRole('button', { name: label, exact: true }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('This conflict is resolved').waitFor();
      const { name, language, content } = await read('files', 'a');
      assert.deepEqual({ name, language, content }, expected);
      await untilOnServer('files:a', expected);
    });
  }

  test('conflict: a choice is taken back from its message, and the conflict is there again', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await diverge('a');
    await page.getByRole('button', { name: 'Keep remote', exact: true }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('No conflicts').waitFor();
    assert.equal((await read('files', 'a')).content, 'const there = 1;\n');
    await page.locator('.cf-toast').getByRole('button', { name: 'Undo' }).click();
    await page.locator('.cf-side[data-side="local"]').getByText('const here = 1;').waitFor();
    assert.equal((await read('files', 'a')).content, 'const here = 1;\n');
    await page.getByRole('button', { name: 'Keep local', exact: true }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await untilOnServer('files:a', { content: 'const here = 1;\n', name: 'a-renamed.ts' });
    assert.deepEqual(components.faults, []);
  });

  test('conflict: what was edited since it was found is what "this device" means', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await diverge('a');
    await dispatch('files/updateItem', { id: 'a', content: 'const newest = 1;\n', updatedAt: 1_700_000_003_000 });
    await page.locator('.cf-side[data-side="local"]').getByText('const newest = 1;').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await untilOnServer('files:a', { content: 'const newest = 1;\n', language: 'javascript' });
  });

  test('conflict: an own value that is not JSON is refused where it stands', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await dispatch('models/addItem', { id: 'm', name: 'M', fields: [], updatedAt: 1 });
    await sync('push');
    await putOnServer('models:m', { id: 'm', name: 'M', fields: [{ id: 'f', name: 'there', type: 'string', required: false }], updatedAt: 2 });
    await dispatch('models/updateItem', { id: 'm', fields: [{ id: 'f', name: 'here', type: 'string', required: false }], updatedAt: 3 });
    await sync('pull');
    await page.getByLabel('Write it myself').check();
    await page.getByLabel('Your own value').fill('[{"id": ');
    await page.getByRole('alert').filter({ hasText: 'Not valid JSON' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Apply' }).isDisabled(), true);
    await page.getByLabel('Your own value').fill('[{"id":"f","name":"own","type":"string","required":true}]');
    await page.getByRole('button', { name: 'Apply' }).click();
    await untilOnServer('models:m', { fields: [{ id: 'f', name: 'own', type: 'string', required: true }] });
  });

  test('conflict: deleted on the server, changed here: kept or gone as a whole', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await dispatch('files/addItems', [file('keep'), file('drop'), file('other')]);
    await sync('push');
    for (const id of ['keep', 'drop']) {
      await fetch(`${flask.url}/api/storage/files:${id}`, { method: 'DELETE' });
      await dispatch('files/updateItem', { id, content: 'still wanted' });
    }
    await sync('pull');
    const row = (name) => page.locator('.cf-conflict').filter({ hasText: name });
    await row('keep.ts').getByRole('button', { expanded: false }).click();
    await row('keep.ts').getByText('Changed here, deleted on the server').waitFor();
    await row('keep.ts').getByRole('button', { name: 'Keep it' }).click();
    await untilOnServer('files:keep', { content: 'still wanted' });
    await row('drop.ts').getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('No conflicts').waitFor();
    assert.equal(await read('files', 'drop'), undefined);
  });

  test('conflicts by keyboard alone: rows by arrow, opened by Enter, a side by arrow, applied', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await diverge('a', 'b');
    const rows = page.locator('.cf-conflict-row');
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await rows.nth(1).evaluate((row) => row === document.activeElement), true);
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const chosen = await page.locator('.cf-conflict').nth(1).getAttribute('data-id');
    assert.equal(await rows.nth(1).getAttribute('aria-expanded'), 'true');
    const name = page.locator('.cf-conflict').nth(1).getByRole('group', { name: /^name/ });
    for (let press = 0; press < 10 && !(await name.getByLabel('This device').evaluate((radio) => radio === document.activeElement)); press++) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    assert.equal(await name.getByLabel('Server').isChecked(), true);
    for (let press = 0; press < 20 && (await page.evaluate(() => document.activeElement.textContent)) !== 'Apply'; press++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await until('one conflict is left', async () => (await rows.count()) === 1);
    const id = chosen.replace('files:', '');
    assert.equal((await read('files', id)).name, `${id}.ts`);
    await until('the focus is on the head of the list', () => page.evaluate(() => document.activeElement.tagName === 'H2'));
  });

  test('conflicts in bulk: a question with the number, Escape changes nothing, the button does it', { timeout: 60_000 }, async () => {
    await open('conflicts');
    await diverge('a', 'b', 'c');
    const start = page.getByRole('button', { name: 'Keep all remote' });
    await start.click();
    await page.getByRole('dialog', { name: 'Keep all remote: 3 conflicts?' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.cf-conflict').count(), 3);
    assert.equal(await start.evaluate((button) => button === document.activeElement), true, 'the focus comes back');
    await start.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep all remote' }).click();
    await page.getByText('No conflicts').waitFor();
    assert.equal((await read('files', 'b')).content, 'const there = 1;\n');
  });

  test('the question: Cancel has the focus, and only the deed confirms', { timeout: 60_000 }, async () => {
    await open('confirm');
    const ask = page.getByRole('button', { name: 'Ask' });
    const answer = page.locator('output');
    await ask.click();
    assert.equal(await page.getByRole('button', { name: 'Cancel' }).evaluate((button) => button === document.activeElement), true);
    await page.keyboard.press('Enter');
    await answer.filter({ hasText: 'false' }).waitFor();
    await ask.click();
    await page.getByRole('button', { name: 'Empty it' }).click();
    await answer.filter({ hasText: 'true' }).waitFor();
    await ask.click();
    await page.keyboard.press('Escape');
    await answer.filter({ hasText: 'false' }).waitFor();
  });

  test('signs and messages: conflicts are told once, lead to their place, and are taken back when resolved', { timeout: 60_000 }, async () => {
    await open('signs');
    assert.equal(await page.getByText(/\d conflict/).count(), 0);
    await page.getByRole('button').first().focus();
    await diverge('a');
    const toast = page.locator('.cf-toast').filter({ hasText: '1 item changed here and on the server' });
    await toast.waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.closest('.cf-toasts')), null, 'the focus stays where it was');
    await page.getByRole('link', { name: '1 conflict' }).click();
    assert.equal(await page.evaluate(() => location.hash), '#conflicts');
    await page.locator('button.cf-save').click();
    assert.equal(await page.evaluate(() => location.hash), '#conflict');
    await toast.getByRole('button', { name: 'Review' }).click();
    assert.equal(await page.evaluate(() => location.hash), '#review');
    await dispatch('conflicts/resolveAllConflicts', 'local');
    await until('no sign is left', async () => (await page.getByText(/\d conflict/).count()) === 0);
  });

  test('messages wait under the pointer, and Escape dismisses the newest', { timeout: 60_000 }, async () => {
    await open('signs');
    const toast = page.locator('.cf-toast');
    await page.evaluate(() => window.toasts.show({ text: 'Standing', shownMs: 0 }));
    await toast.hover();
    await page.evaluate(() => window.toasts.show({ text: 'Short', shownMs: 100 }));
    await page.waitForTimeout(500);
    assert.equal(await toast.count(), 2, 'the pointer is on them');
    await page.mouse.move(0, 0);
    await until('the short one is gone', async () => (await toast.count()) === 1);
    await page.evaluate(() => window.toasts.dismiss(window.toasts.get()[0].id));
    await page.evaluate(() => { window.toasts.show({ text: 'One', shownMs: 0 }); window.toasts.show({ text: 'Two', shownMs: 0 }); });
    await page.getByRole('button', { name: 'Dismiss: Two' }).focus();
    await page.keyboard.press('Escape');
    assert.deepEqual(await toast.locator('span').allTextContents(), ['One']);
  });
});
