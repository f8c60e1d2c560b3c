// The page of tests/browser/fixtures/components, with the real Flask server, as a test uses it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, beforeEach } from 'node:test';
import { Profile } from './browser.mjs';
import { serveFixture } from './fixture-page.mjs';
import { Flask } from './flask.mjs';
import { until } from './until.mjs';

const kAxe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** No violation of WCAG 2.2 A and AA nor of the best practices, as axe-core checks them. */
export async function assertAccessible(page, what) {
  await page.addScriptTag({ path: kAxe });
  // A fading message has other colours than a standing one.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((animation) => animation.effect.getTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => {}))));
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations: found } = await window.axe.run(document, { runOnly: tags });
    return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.any.map(({ message }) => message).join(' ')}`).join(' | ')}`);
  });
  assert.deepEqual(violations, [], what);
}

export async function assertNoSideScroll(page) {
  const [scrolled, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(scrolled <= width, `${scrolled} > ${width}`);
}

/** Controls of the components that are smaller than 44 pixels. */
export const smallControls = (page) => page.locator('.cf').evaluateAll((roots) => roots.flatMap((root) => [...root.querySelectorAll('button, select, summary')])
  .map((control) => [control, control.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([control, box]) => `${control.textContent || control.ariaLabel} ${box.width}x${box.height}`));

/** One component on a fresh store. */
export class ComponentsPage {
  static #count = 0;
  faults = [];

  constructor(page, url, flask) {
    this.page = page;
    this.url = url;
    this.flask = flask;
    page.on('pageerror', (error) => this.faults.push(error.stack ?? String(error)));
  }

  async open(part, parameters = {}) {
    this.faults = [];
    await this.page.goto(`${this.url}?${new URLSearchParams({ part, store: `components-${++ComponentsPage.#count}`, flask: this.flask.url, ...parameters })}`);
    await this.page.waitForFunction(() => window.core);
    await this.dispatch('settings/updateSettings', { autoSync: false });
  }

  dispatch(type, payload) {
    return this.page.evaluate((action) => void window.core.dispatch(action), { type, payload });
  }

  read(slice, id) {
    return this.page.evaluate(([name, key]) => window.core.read(name, key), [slice, id]);
  }

  sync(command) {
    return this.page.evaluate((name) => window.core.sync[name](), command);
  }

  async putOnServer(key, value) {
    const response = await fetch(`${this.flask.url}/api/storage/${key}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ value }) });
    assert.equal(response.status, 200);
  }

  untilOnServer(key, expected) {
    return until(`the server has ${key}`, async () => {
      const value = (await this.flask.contents())[key];
      for (const [member, wanted] of Object.entries(expected)) assert.deepEqual(value?.[member], wanted);
      return true;
    });
  }
}

/**
 * The browser, the page and the server of a suite: call it first in `describe`. The server is empty before each test.
 * `started` resolves in `before`: `{ page, components }`.
 */
export function componentsSuite() {
  const profile = new Profile();
  const flask = new Flask();
  let server;
  let parts;
  before(async () => {
    await flask.start();
    server = await serveFixture('components');
    const page = await profile.open();
    parts = { page, components: new ComponentsPage(page, server.url, flask) };
  });
  beforeEach(() => flask.clear());
  after(async () => {
    await profile.remove();
    await server?.close();
    await flask.remove();
  });
  return { flask, started: () => parts };
}

/** A file to store; `members` replace its own. */
export const sampleFile = (id, members = {}) => ({ id, name: `${id}.ts`, path: `/src/${id}.ts`, language: 'typescript', content: `export const ${id} = 1;\n`, updatedAt: 1_700_000_000_000, ...members });
