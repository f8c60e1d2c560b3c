// react-redux and our hooks on a core in Chromium: no tearing under concurrent rendering, and no edit lost that comes before the data.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Profile } from './support/browser.mjs';
import { serveFixture } from './support/fixture-page.mjs';

describe('react-redux', () => {
  const profile = new Profile();
  let server;
  let page;
  const faults = [];
  before(async () => {
    server = await serveFixture('react-redux');
    page = await profile.open();
    page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  });
  after(async () => {
    await profile.remove();
    await server?.close();
  });

  const kRounds = 6;
  const kChanges = 3;

  /** Lists, each rendered in a transition that three changes of the store interrupt. The last of them is number 1 + 3 * 6. */
  async function rounds(read) {
    await page.goto(`${server.url}?read=${read}`);
    const next = page.getByRole('button', { name: 'Next round' });
    for (let round = 1; round <= kRounds; round++) {
      await next.click();
      await page.locator('output', { hasText: new RegExp(`^${round}$`) }).waitFor();
    }
    await page.waitForFunction((last) => window.core.getState().settings.settings.syncInterval === last, 1 + kChanges * kRounds);
    return page.evaluate(() => window.report);
  }

  test('a list that reads the store without a hook is torn: the scene can tell', { timeout: 90_000 }, async () => {
    const { commits, torn } = await rounds('raw');
    assert.ok(commits >= kRounds);
    assert.ok(torn > 0, `${commits} commits, none of them torn`);
  });

  for (const [read, what] of [['redux', 'useSelector of react-redux'], ['core', 'useCoreSelector'], ['item', 'useItem']]) {
    test(`${what} never shows two states at once, and shows the last one in the end`, { timeout: 90_000 }, async () => {
      const { commits, torn } = await rounds(read);
      assert.ok(commits >= kRounds);
      assert.equal(torn, 0, `${torn} of ${commits} commits were torn`);
      await page.waitForFunction((expected) => [...document.querySelectorAll('li')].every((row) => row.textContent === String(expected)), 1 + kChanges * kRounds);
      assert.equal(await page.locator('li').count(), 40);
    });
  }

  test('what components dispatch before the data are there is put on top of them, and kept', { timeout: 90_000 }, async () => {
    const name = `early-${Date.now()}`;
    await page.goto(`${server.url}?store=${name}`);
    await page.locator('#waited', { hasText: /^0$/ }).waitFor();
    await page.evaluate(async () => {
      for (let id = 0; id < 300; id++) window.core.dispatch(window.files.addFile(window.file(`f${id}`, 'stored')));
      await window.core.flush();
    });
    for (let life = 0; life < 2; life++) {
      await page.goto(`${server.url}?store=${name}&early`);
      const shown = (await page.locator('#files').textContent()).split(',');
      assert.deepEqual([shown.length, shown[0], shown[1], shown.at(-1)], [301, 'f0=early', 'f1=stored', 'new=early']);
      assert.equal(await page.locator('#phases').textContent(), 'opening,ready');
      assert.equal(await page.locator('#waited').textContent(), '301');
      await page.evaluate(() => window.core.flush());
    }
    assert.deepEqual(faults, []);
  });
});
