// Workflow sync in a real browser against the real Flask API, which is another origin: while the page is there, and when it goes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Profile } from './support/browser.mjs';
import { openCore, serveCore } from './support/core-page.mjs';
import { kExits } from './support/exits.mjs';
import { Flask } from './support/flask.mjs';
import { until } from './support/until.mjs';

describe('workflow sync', () => {
  const profile = new Profile();
  const flask = new Flask();
  let server;
  let context;
  before(async () => {
    await flask.start();
    server = await serveCore();
    context = (await profile.open()).context();
  });
  after(async () => {
    await profile.remove();
    await server?.close();
    await flask.remove();
  });

  /** A page with a core and a sync that waits longer than any test, so that only what the test does sends. */
  async function open(page, name, debounceMs = 3_600_000) {
    await openCore(page, server.url, { name });
    await page.evaluate(async ([url, delayMs]) => {
      const { WorkflowSync } = await import('codeforge-core/workflow-sync');
      window.sync = new WorkflowSync(window.core, { url: () => url, userId: 'ada', debounceMs: delayMs });
      window.sync.onLeave();
      window.sync.watch();
    }, [flask.url, debounceMs]);
    return page;
  }

  const put = (page, id, members = {}) => page.evaluate((item) => void window.core.dispatch({ type: 'workflows/addWorkflow', payload: item }),
    { id, name: id, nodes: [{ id: 'start', type: 'trigger', position: { x: 1, y: 2 } }], edges: [], updatedAt: 1, ...members });
  const pending = (page) => page.evaluate(() => window.sync.pending());
  const sent = () => flask.workflows;

  test('an edit goes by itself after its pause, and the server has it as it is', { timeout: 60_000 }, async () => {
    const page = await open(await context.newPage(), 'by-itself', 50);
    await put(page, 'w1', { name: 'ä\u{1F600}' });
    await until('the server has acknowledged it', async () => (await pending(page)).length === 0);
    const [{ id, userId, state }] = sent();
    assert.deepEqual([id, userId, state.name, state.blocks], ['w1', 'ada', 'ä\u{1F600}', { start: { id: 'start', type: 'trigger', position: { x: 1, y: 2 } } }]);
    await page.close();
  });

  for (const [exit, go] of Object.entries(kExits)) {
    test(`${exit}: what was edited just before reaches the server, and the next page owes nothing`, { timeout: 90_000 }, async () => {
      let page = await open(await context.newPage(), `exit-${exit}`);
      // Whether the page hears of the acknowledgement depends on how it goes; that the server has it does not.
      for (let time = 0; time < 5; time++) {
        const id = `${exit}-${time}`;
        await put(page, id, { name: `edit ${time}` });
        page = await go(page, server.url);
        await until(`the server has ${id}`, () => sent().some((one) => one.id === id && one.state.name === `edit ${time}`));
        await open(page, `exit-${exit}`);
        await page.evaluate(() => window.sync.flush());
        assert.deepEqual(await pending(page), []);
      }
      await page.close();
    });
  }

  test('what is too much for a page that goes is owed, and sent by the next page', { timeout: 90_000 }, async () => {
    let page = await open(await context.newPage(), 'large');
    await put(page, 'large', { description: 'x'.repeat(70 * 1024) });
    await put(page, 'small');
    page = await kExits.navigate(page, server.url);
    await until('the small one is there', () => sent().some(({ id }) => id === 'small'));
    assert.ok(!sent().some(({ id }) => id === 'large'));
    await open(page, 'large', 50);
    await until('the large one is there', () => sent().some(({ id, state }) => id === 'large' && state.description.length === 70 * 1024));
    await page.close();
  });

  test('a server that was away when the page went gets it from the next page', { timeout: 90_000 }, async () => {
    let page = await open(await context.newPage(), 'away');
    await flask.stop();
    await put(page, 'missed');
    page = await kExits.navigate(page, server.url);
    await flask.start();
    await open(page, 'away', 50);
    await until('it is there', () => sent().some(({ id }) => id === 'missed'));
    await page.close();
  });
});
