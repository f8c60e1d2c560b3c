// The editor's pages of conflicts, persistence and storage, its projects, and outlines of thousands of nodes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Profile } from './support/chromium.mjs';
import { assertAccessible, assertNoSideScroll } from './support/components-page.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';
import { until } from './support/until.mjs';

describe('editor pages', () => {
  const profile = new Profile();
  let page;
  let server;
  before(async () => {
    server = await serveEditor();
    page = await profile.open();
  });
  beforeEach(() => page.setViewportSize({ width: 1280, height: 800 }));
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  const names = () => page.locator('.item-list .item-link > span').allTextContents();

  test('each page opens from the sidebar, and is accessible in light and dark, wide and narrow', { timeout: 120_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'pages' });
    for (const mode of ['light', 'dark']) {
      await page.evaluate((theme) => void window.codeforge.dispatch({ type: 'settings/updateSettings', payload: { theme } }), mode);
      for (const [name, heading] of [['conflicts', 'No conflicts'], ['persistence', 'Persistence and sync'], ['storage', 'Export and import']]) {
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.getByTestId(`page-${name}`).click();
        await page.getByText(heading).first().waitFor();
        await assertAccessible(page, `${name}, ${mode}, wide`);
        await page.setViewportSize({ width: 390, height: 844 });
        await assertNoSideScroll(page);
        await assertAccessible(page, `${name}, ${mode}, narrow`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('.status-bar .cf-save').click();
    assert.equal(await page.evaluate(() => location.hash), '#/persistence');
    await page.getByTestId('section-files').click();
    await page.getByTestId('code').waitFor();
    editor.assertNoFaults();
  });

  test('the project switcher shows the items of the project that is open', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'projects' });
    assert.equal(await page.getByTestId('count-files').textContent(), '8');
    await page.getByTestId('project-menu').click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await until('the new project is empty', async () => (await page.getByTestId('count-files').textContent()) === '0');
    await page.getByTestId('add-item').click();
    await page.getByTestId('rename').fill('mine.ts');
    await page.keyboard.press('Enter');
    assert.deepEqual(await names(), ['mine.ts']);
    await page.getByTestId('project-menu').click();
    await page.getByRole('menuitemradio', { name: 'Quay Street Bakery' }).click();
    await until('the first project is back', async () => (await page.getByTestId('count-files').textContent()) === '8');
    assert.equal((await names()).includes('mine.ts'), false);
    // Without a project, or of one that is gone, an item is everybody's.
    await page.evaluate(() => {
      const { dispatch, getState } = window.codeforge;
      dispatch({ type: 'files/addItem', payload: { id: 'common', name: 'common.ts', path: '/common.ts', language: 'typescript', content: '', updatedAt: 1 } });
      dispatch({ type: 'project/removeItem', payload: getState().project.projects.find(({ name }) => name === 'Project 2').id });
    });
    await until('nothing is hidden for ever', async () => (await names()).filter((name) => name === 'common.ts' || name === 'mine.ts').length === 2);
    editor.assertNoFaults();
  });

  test('undo and redo by button and by key, but not out of a text field', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'undo' });
    await editor.go('#/models/model-product');
    const fields = async () => (await editor.item('models', 'model-product')).fields.length;
    const before = await fields();
    await page.getByTestId('add-field').click();
    assert.equal(await fields(), before + 1);
    const undo = page.getByRole('group', { name: 'History' }).getByRole('button', { name: /^Undo/ });
    await undo.click();
    assert.equal(await fields(), before);
    await page.locator('body').press('Control+Shift+Z');
    assert.equal(await fields(), before + 1);
    await page.locator('body').press('Control+z');
    assert.equal(await fields(), before);
    await page.locator('body').press('Control+y');
    assert.equal(await fields(), before + 1);
    await page.locator('.inspector').getByLabel('Name').press('Control+z');
    assert.equal(await fields(), before + 1, 'a field has its own undo');
    editor.assertNoFaults();
  });

  test('an outline of 5,000 nodes draws what is in sight; arrows, End and a click reach the rest', { timeout: 90_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'outline', example: false });
    await page.evaluate(() => {
      const children = Array.from({ length: 100 }, (_, group) => ({
        id: `group-${group}`, type: 'Stack', props: {}, children: Array.from({ length: 49 }, (_, index) => ({ id: `node-${group}-${index}`, type: 'Text', props: { text: `${group}/${index}` } })),
      }));
      window.codeforge.dispatch({ type: 'componentTrees/addItem', payload: { id: 'big', name: 'Big', root: { id: 'root', type: 'Page', props: {}, children }, updatedAt: 1 } });
    });
    await editor.go('#/componentTrees/big');
    const rows = page.getByTestId('outline-row');
    await rows.first().waitFor();
    assert.ok((await rows.count()) < 150, `${await rows.count()} rows are drawn`);
    await rows.first().click();
    await page.keyboard.press('End');
    const focused = () => page.evaluate(() => document.activeElement.dataset.nodeRow);
    await until('the last row has the focus', async () => (await focused()) === 'node-99-48');
    await page.keyboard.press('ArrowUp');
    await until('the one before has it', async () => (await focused()) === 'node-99-47');
    const sight = await page.evaluate(() => {
      const [row, list] = [document.activeElement.getBoundingClientRect(), document.querySelector('.outline').getBoundingClientRect()];
      return row.top >= list.top && row.bottom <= list.bottom;
    });
    assert.equal(sight, true);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-posinset')), '48');
    // Scrolled away by the wheel, the focus stays on its row.
    await page.evaluate(() => { document.querySelector('.outline').scrollTop = 0; });
    await until('the first row is drawn again', async () => (await page.locator('[data-node-row=root]').count()) === 1);
    assert.equal(await focused(), 'node-99-47');
    await page.keyboard.press('Home');
    await until('the first row has the focus', async () => (await focused()) === 'root');
    await page.keyboard.press('ArrowLeft');
    await until('folded, the list is short', async () => (await rows.count()) === 1);
    editor.assertNoFaults();
  });
});
