// What a user does in each section, and that it is in the store and on the screen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Profile } from './support/chromium.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';
import { until } from './support/until.mjs';

const hostile = fileURLToPath(new URL('./fixtures/trees-hostile.json', import.meta.url));

describe('editing', () => {
  const profile = new Profile();
  let page;
  let server;
  let count = 0;
  before(async () => {
    server = await serveEditor();
    page = await profile.open();
  });
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  const edit = (name, run) => test(name, { timeout: 60_000 }, async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const editor = await Editor.open(page, server.url, { store: `edit-${++count}` });
    await run(editor);
    editor.assertNoFaults();
  });

  const names = async (editor) => (await editor.state()).files.files.map((file) => file.name);

  edit('a file is added, named, filled, renamed, deleted, and the deletion undone', async (editor) => {
    await page.getByTestId('add-item').click();
    await page.getByTestId('rename').fill('greeting.ts');
    await page.keyboard.press('Enter');
    const file = (await editor.state()).files.files.at(-1);
    assert.deepEqual([file.name, file.path], ['greeting.ts', '/src/greeting.ts']);
    await editor.openFile(file.id);
    await editor.type("export const greeting = 'hello';");
    assert.equal((await editor.item('files', file.id)).content, "export const greeting = 'hello';");
    await page.getByTestId('file-name').fill('hello.css');
    assert.equal((await editor.item('files', file.id)).language, 'css');
    await page.locator(`[data-id="${file.id}"]`).hover();
    await page.getByRole('button', { name: 'Delete hello.css' }).click();
    assert.ok(!(await names(editor)).includes('hello.css'));
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    assert.ok((await names(editor)).includes('hello.css'));
    assert.equal((await editor.item('files', file.id)).content, "export const greeting = 'hello';");
  });

  edit('a text with CRLF line ends keeps them when it is edited', async (editor) => {
    await page.evaluate(() => window.codeforge.dispatch({ type: 'files/addItem', payload: { id: 'crlf', name: 'crlf.txt', path: '/crlf.txt', language: 'plaintext', content: 'one\r\ntwo\r\n', updatedAt: 1 } }));
    await editor.openFile('crlf');
    await editor.type('three');
    assert.equal((await editor.item('files', 'crlf')).content, 'one\r\ntwo\r\nthree');
  });

  edit('a change from elsewhere shows in the open file and leaves the cursor where it was', async (editor) => {
    await editor.openFile('file-price-ts');
    await editor.type('// end');
    await page.evaluate(() => {
      const { content } = window.codeforge.read('files', 'file-price-ts');
      window.codeforge.dispatch({ type: 'files/updateItem', payload: { id: 'file-price-ts', content: `// from elsewhere\n${content}`, updatedAt: 2 } });
    });
    await page.getByTestId('code').getByText('// from elsewhere').waitFor();
    await editor.type('!');
    const { content } = await editor.item('files', 'file-price-ts');
    assert.ok(content.startsWith('// from elsewhere\n') && content.endsWith('// end!'), content);
  });

  edit('typing in a file leaves the list and the section links untouched', async (editor) => {
    await editor.openFile('file-price-ts');
    await page.evaluate(() => {
      window.touched = 0;
      new MutationObserver((records) => { window.touched += records.length; }).observe(document.querySelector('.sidebar'), { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await editor.type('// twenty characters');
    assert.ok((await editor.item('files', 'file-price-ts')).content.endsWith('// twenty characters'));
    assert.equal(await page.evaluate(() => window.touched), 0);
  });

  edit('a tree is edited node by node: text, property, child, order, copy, deletion and its undo', async (editor) => {
    const root = async () => (await editor.item('componentTrees', 'tree-shop')).root;
    const find = (node, id) => (node.id === id ? node : (node.children ?? []).map((child) => find(child, id)).find(Boolean));
    await editor.go('#/componentTrees/tree-shop/shop-11');
    await page.getByTestId('node-text').fill('Order for Sunday');
    await page.getByTestId('preview').getByText('Order for Sunday').waitFor();
    await page.getByTestId('new-prop').fill('size');
    await page.keyboard.press('Enter');
    await page.getByLabel('size', { exact: true }).fill('large');
    assert.deepEqual(find(await root(), 'shop-11').props, { text: 'Order for Sunday', variant: 'primary', size: 'large' });

    const parentOf = async (id) => {
      const walk = (node) => ((node.children ?? []).some((child) => child.id === id) ? node : (node.children ?? []).map(walk).find(Boolean));
      return walk(await root());
    };
    const order = async () => (await parentOf('shop-11')).children.map((child) => child.id);
    const first = await order();
    await page.getByTestId('node-down').click();
    assert.deepEqual(await order(), [first[1], first[0]]);
    await page.getByTestId('node-duplicate').click();
    assert.equal((await order()).length, 3);
    await page.getByTestId('node-delete').click();
    assert.deepEqual(await order(), [first[1], first[0]]);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    assert.equal((await order()).length, 3);

    await page.getByTestId('preview').getByText('Order for Sunday').first().click();
    assert.match(await page.evaluate(() => location.hash), /shop-11$/);
    await page.getByTestId('add-node').click();
    await page.getByRole('menuitem', { name: 'Badge' }).click();
    assert.equal(find(await root(), 'shop-11').children[0].type, 'Badge');
  });

  edit('the outline is walked, folded and reordered with the keyboard', async (editor) => {
    await editor.go('#/componentTrees/tree-shop');
    const rows = page.getByTestId('outline-row');
    await rows.first().focus();
    const selected = () => page.evaluate(() => location.hash.split('/')[3]);
    const all = await rows.count();
    await page.keyboard.press('ArrowDown');
    const second = await selected();
    assert.equal(await page.locator('[role=treeitem][aria-selected=true]').getAttribute('data-node-row'), second);
    await page.keyboard.press('ArrowLeft');
    await until('the header is folded', async () => (await rows.count()) < all);
    await page.keyboard.press('ArrowRight');
    await until('the header is unfolded', async () => (await rows.count()) === all);
    const before_ = (await editor.item('componentTrees', 'tree-shop')).root.children.map((child) => child.id);
    await page.keyboard.press('Alt+ArrowDown');
    const after_ = (await editor.item('componentTrees', 'tree-shop')).root.children.map((child) => child.id);
    assert.deepEqual(after_, [before_[1], before_[0], ...before_.slice(2)]);
  });

  edit('nothing in an imported tree runs, loads or escapes the preview', async (editor) => {
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    await editor.import(hostile);
    await page.getByTestId('preview').getByText('A link').click();
    await page.getByTestId('preview').getByText('<b>not bold</b>').waitFor();
    assert.equal(await page.evaluate(() => window.attacked), undefined);
    assert.equal(await page.locator('.preview-page :is(script, iframe, [href], [src], [style*="fixed"])').count(), 0);
    assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:') && !url.includes('localhost:5001')), []);
  });

  edit('a workflow step is moved with the mouse and renamed, and both are kept', async (editor) => {
    await editor.go('#/workflows/workflow-order');
    const step = page.locator('.react-flow__node[data-id="workflow-order-placed"]');
    await step.waitFor();
    const position = async () => (await editor.item('workflows', 'workflow-order')).nodes.find((node) => node.id === 'workflow-order-placed').position;
    const from = await position();
    const box = await step.boundingBox();
    await page.mouse.move(box.x + 60, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 90, { steps: 6 });
    await page.mouse.up();
    await until('the step has moved', async () => (await position()).y > from.y + 20);
    await page.getByTestId('step-name').fill('Basket confirmed');
    await step.getByText('Basket confirmed').waitFor();
    const moved = await position();
    await editor.untilSaved();
    await editor.reload();
    assert.deepEqual(await position(), moved);
    await page.locator('.react-flow__node[data-id="workflow-order-placed"]').getByText('Basket confirmed').waitFor();
  });

  edit('a step is chosen and moved with the keyboard', async (editor) => {
    await editor.go('#/workflows/workflow-order');
    const step = page.locator('.react-flow__node[data-id="workflow-order-confirm"]');
    const position = async () => (await editor.item('workflows', 'workflow-order')).nodes.find((node) => node.id === 'workflow-order-confirm').position;
    const from = await position();
    await step.focus();
    await page.keyboard.press('Enter');
    await until('the step is chosen', async () => (await page.getByTestId('step-name').inputValue()) === 'Confirm the pickup');
    await step.focus();
    await page.keyboard.press('ArrowDown');
    await until('the step has moved down', async () => (await position()).y > from.y);
  });

  edit('a step is added and deleted, and its connections go with it', async (editor) => {
    await editor.go('#/workflows/workflow-order');
    const workflow = () => editor.item('workflows', 'workflow-order');
    await page.locator('.react-flow__node').first().waitFor();
    await page.getByTestId('add-step').click();
    await page.getByRole('menuitem', { name: 'Delay' }).click();
    assert.equal((await workflow()).nodes.at(-1).type, 'delay');
    await page.locator('.react-flow__node[data-id="workflow-order-enough"]').click({ position: { x: 60, y: 20 } });
    await page.keyboard.press('Delete');
    await until('the step is gone', async () => !(await workflow()).nodes.some((node) => node.id === 'workflow-order-enough'));
    assert.ok((await workflow()).edges.every((edge) => edge.source !== 'workflow-order-enough' && edge.target !== 'workflow-order-enough'));
  });

  edit('a model field is added, typed, required and removed', async (editor) => {
    await editor.go('#/models/model-product');
    const fields = async () => (await editor.item('models', 'model-product')).fields;
    await page.getByTestId('add-field').click();
    const row = page.getByTestId('field-row').last();
    await row.getByLabel('Field name').fill('weight');
    await row.getByLabel('Type of weight').fill('integer');
    await row.getByRole('switch').click();
    await row.getByLabel('Default of weight').fill('750');
    const { id: _, ...added } = (await fields()).at(-1);
    assert.deepEqual(added, { name: 'weight', type: 'integer', required: true, defaultValue: 750 });
    await row.getByRole('button', { name: 'Delete weight' }).click();
    assert.equal((await fields()).length, 6);
  });

  edit('a colour of the theme is the accent of the editor at once, and stays', async (editor) => {
    await editor.go('#/theme');
    await page.getByTestId('color-primary').fill('#b4441b');
    const accent = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
    assert.equal(await accent(), '#b4441b');
    assert.equal((await editor.state()).theme.currentTheme.colors.primary, '#b4441b');
    await editor.untilSaved();
    await editor.reload();
    assert.equal(await accent(), '#b4441b');
  });

  edit('a project is added, named, and chosen again', async (editor) => {
    await page.getByTestId('project-menu').click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await page.getByTestId('project-menu').click();
    await page.getByTestId('project-rename').fill('Winter menu');
    assert.equal(await page.getByTestId('project-name').textContent(), 'Winter menu');
    assert.deepEqual((await editor.state()).project.projects.map((project) => project.name), ['Quay Street Bakery', 'Winter menu']);
    await page.getByRole('menuitemradio', { name: 'Quay Street Bakery' }).click();
    assert.equal((await editor.state()).project.currentProject.id, 'project-bakery');
  });

  edit('dark and light are a setting', async (editor) => {
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.getByTestId('appearance').click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    assert.equal((await editor.state()).settings.settings.theme, 'light');
  });

  edit('at 390 pixels one pane is shown at a time, nothing overflows, and targets are large enough', async (editor) => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const section of ['files', 'models', 'components', 'componentTrees', 'workflows', 'lambdas', 'theme']) {
      await page.getByTestId('pane-browse').click();
      await page.getByTestId(`section-${section}`).click();
      await page.getByTestId('item-row').first().getByRole('link').click();
      await page.locator('.stage .stage-head').waitFor();
      for (const pane of ['edit', 'inspect', 'sync']) {
        await page.getByTestId(`pane-${pane}`).click();
        const { over, small } = await page.evaluate(() => ({
          over: document.documentElement.scrollWidth - window.innerWidth,
          small: [...document.querySelectorAll('.icon-button, .bottom-nav button, .item-link, .section-link, .menu-item')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5).map((element) => element.outerHTML.slice(0, 90)),
        }));
        assert.equal(over, 0, `${section}, ${pane}: wider than the screen`);
        assert.deepEqual(small, [], `${section}, ${pane}`);
      }
    }
    editor.assertNoFaults();
  });
});
