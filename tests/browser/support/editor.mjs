// The editor as a test uses it: opened on a store, driven by what a user sees.
import assert from 'node:assert/strict';
import { until } from './until.mjs';

export class Editor {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.faults = [];
    // Firefox tells of a server that is away as if the page had thrown.
    page.on('pageerror', (error) => error.name !== 'Cross-Origin Request Blocked' && this.faults.push(error.stack ?? String(error)));
  }

  /** Opens a store; `example: false` leaves a fresh one empty. */
  static async open(page, url, { store = 'test', example = true, hash = '' } = {}) {
    const parameters = new URLSearchParams({ store, ...(example ? {} : { example: 'none' }) });
    const editor = new Editor(page, `${url}?${parameters}${hash}`);
    await page.goto(editor.url);
    await editor.ready();
    return editor;
  }

  async ready() {
    await this.page.locator('.status-bar .cf-save-text').waitFor();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  async go(hash) {
    await this.page.evaluate((to) => { location.hash = to; }, hash);
  }

  /** The whole state, without what belongs to the moment. */
  state() {
    return this.page.evaluate(() => {
      const { sync, conflicts, ...rest } = window.codeforge.getState();
      return JSON.parse(JSON.stringify(rest));
    });
  }

  item(slice, id) {
    return this.page.evaluate(([name, key]) => window.codeforge.read(name, key), [slice, id]);
  }

  status() {
    return this.page.evaluate(() => JSON.parse(JSON.stringify(window.codeforge.status())));
  }

  text() {
    return this.page.locator('.status-bar .cf-save-text').textContent();
  }

  async untilText(expected) {
    await until(`the status bar says ${expected}`, async () => {
      const text = await this.text();
      if (!(expected instanceof RegExp ? expected.test(text) : text === expected)) throw new Error(`it says "${text}"`);
      return true;
    });
  }

  async untilSaved() {
    await until('everything is on the device', async () => (await this.status()).unsavedCommits === 0);
  }

  /** Chooses files in the picker of the Import button. */
  async import(...paths) {
    const choosing = this.page.waitForEvent('filechooser');
    await this.page.getByTestId('import').click();
    await (await choosing).setFiles(paths);
    await this.page.locator('.cf-toast').filter({ hasText: /Imported|could not be imported/ }).last().waitFor();
  }

  /** Opens a file and puts the cursor at its end. */
  async openFile(id) {
    await this.go(`#/files/${encodeURIComponent(id)}`);
    const code = this.page.getByTestId('code');
    await code.waitFor();
    await code.click();
    await this.page.keyboard.press('Control+End');
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Replaces the text of a field with real keys: the driver's own way to fill one does not reach React in Firefox. */
  async fill(field, text) {
    await field.click();
    await field.press('Control+a');
    await this.page.keyboard.type(text);
  }

  assertNoFaults() {
    assert.deepEqual(this.faults, [], 'the page threw');
  }
}
