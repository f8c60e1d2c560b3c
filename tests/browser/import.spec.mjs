// Every kind of file that can be imported: it is all there, each section can show it, and a reload brings it back.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Profile } from './support/chromium.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';

const own = fileURLToPath(new URL('./fixtures/', import.meta.url));
const example = fileURLToPath(new URL('../../web/editor/public/example-project.json', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Real projects lie beside the repository where it is developed; a clone has only the files of its own. */
const jsonFilesOf = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => folder + name) : []);
const files = [example, ...jsonFilesOf(own), ...['seed-projects/', 'workflows/', 'trees/'].flatMap((folder) => jsonFilesOf(shared + folder))];

const collections = { files: 'files', models: 'models', components: 'components', componentTrees: 'trees', workflows: 'workflows', lambdas: 'lambdas', theme: 'themes' };
const seedKeys = { 'project-files': 'files', 'project-models': 'models', 'project-components': 'components', 'project-component-trees': 'componentTrees', 'project-workflows': 'workflows', 'project-lambdas': 'lambdas' };

/** What a file holds, told independently of the importer: `[slice, id, members that must be the same]`. */
function expectedItems(json) {
  if (json.format === 'codeforge-project') return Object.entries(collections).flatMap(([slice, list]) => (json.slices[slice]?.[list] ?? []).map((item) => [slice, item.id, item]));
  if (json.organisms) return json.organisms.map((tree) => ['componentTrees', tree.id, { name: tree.name, description: tree.description }]);
  if (json.state?.blocks) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    if (seedKeys[key]) return value.map((item) => [seedKeys[key], item.id, { name: item.name, ...(item.content === undefined ? {} : { content: item.content }), ...(item.code === undefined ? {} : { code: item.code }) }]);
    const [, slice, id] = /^(\w+):(.+)$/s.exec(key) ?? [];
    return collections[slice] ? [[slice, id, value]] : [];
  });
}

function assertImported(state, json, name) {
  for (const [slice, id, members] of expectedItems(json)) {
    const item = state[slice][collections[slice]].find((candidate) => candidate.id === id);
    assert.ok(item, `${name}: ${slice} ${id} is missing`);
    for (const [member, value] of Object.entries(members)) if (value !== undefined) assert.deepEqual(item[member], value, `${name}: ${slice} ${id} ${member}`);
  }
  if (!json.state?.blocks) return;
  const workflow = state.workflows.workflows[0];
  assert.deepEqual(workflow.nodes.map((node) => [node.id, node.position, node.data]), Object.values(json.state.blocks).map((block) => [block.id, block.position, block]));
  assert.deepEqual(workflow.edges, json.state.edges);
}

async function assertEverySectionShows(editor, state) {
  for (const [slice, list] of Object.entries(collections)) {
    const items = state[slice][list];
    assert.equal(await editor.page.getByTestId(`count-${slice}`).textContent(), String(items.length), slice);
    if (items.length === 0) continue;
    await editor.page.getByTestId(`section-${slice}`).click();
    await editor.page.locator('.stage .stage-head').waitFor();
    if (slice === 'workflows' && items[0].nodes.length > 0) await editor.page.locator('.react-flow__node').first().waitFor();
    if (slice === 'componentTrees') await editor.page.getByTestId('preview').locator('[data-node]').first().waitFor();
  }
}

describe('import', () => {
  const profile = new Profile();
  let page;
  let server;
  before(async () => {
    server = await serveEditor();
    page = await profile.open();
  });
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  for (const [index, path] of files.entries()) {
    const name = path.split('/').slice(-2).join('/');
    test(`${name} is all there, is shown, and survives a reload`, { timeout: 60_000 }, async () => {
      const editor = await Editor.open(page, server.url, { store: `import-${index}`, example: false });
      await editor.import(path);
      const imported = await editor.state();
      assertImported(imported, JSON.parse(readFileSync(path, 'utf8')), name);
      await assertEverySectionShows(editor, imported);
      await editor.untilSaved();
      await editor.reload();
      assert.deepEqual(await editor.state(), imported);
      editor.assertNoFaults();
    });
  }

  test('a first start shows the example project; a store that was emptied stays empty', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'first' });
    assert.equal(await editor.page.getByTestId('project-name').textContent(), 'Quay Street Bakery');
    const state = await editor.state();
    assertImported(state, JSON.parse(readFileSync(example, 'utf8')), 'example');
    await page.evaluate(() => {
      for (const slice of ['project', 'files', 'models', 'components', 'componentTrees', 'workflows', 'lambdas', 'theme']) window.codeforge.dispatch({ type: `${slice}/setItems`, payload: [] });
    });
    await editor.untilSaved();
    await editor.reload();
    assert.equal(await editor.page.getByTestId('count-files').textContent(), '0');
  });

  test('an export imported into an empty store gives the same items', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'exported' });
    const before_ = await editor.state();
    const text = await page.evaluate(() => JSON.stringify(window.codeforge.exportProject()));
    const other = await Editor.open(page, server.url, { store: 'imported-again', example: false });
    await page.evaluate((json) => window.codeforge.importProject(json), text);
    const after_ = await other.state();
    for (const [slice, list] of Object.entries(collections)) assert.deepEqual(after_[slice][list], before_[slice][list], slice);
  });

  test('a file dropped on the page is imported', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'dropped', example: false });
    await page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
      const target = document.querySelector('.stage');
      target.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }));
      target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    }, readFileSync(`${own}seed-library.json`, 'utf8'));
    await page.locator('.cf-toast').filter({ hasText: 'Imported dropped.json' }).waitFor();
    assertImported(await editor.state(), JSON.parse(readFileSync(`${own}seed-library.json`, 'utf8')), 'dropped.json');
    assert.equal(await page.getByTestId('project-name').textContent(), 'Dropped');
    assert.deepEqual(Object.keys((await editor.state()).project.projects[0].attachments), ['project-unit-tests']);
  });

  test('a file that is not JSON is refused by name and changes nothing', { timeout: 60_000 }, async () => {
    const editor = await Editor.open(page, server.url, { store: 'refused' });
    const state = await editor.state();
    const choosing = page.waitForEvent('filechooser');
    await page.getByTestId('import').click();
    await (await choosing).setFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{"project-files": [') });
    await page.locator('.cf-toast').filter({ hasText: 'broken.json could not be imported' }).waitFor();
    assert.deepEqual(await editor.state(), state);
    editor.assertNoFaults();
  });
});
