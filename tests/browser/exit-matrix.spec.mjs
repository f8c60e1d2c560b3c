// Pages that go away: an edit made in the last handler that a page surely runs is saved, however the page goes. Ten
// times each, in Firefox three; EXIT_TIMES=50 for a campaign. When Firefox ends a process with its last tab it aborts the
// script in `pagehide`, at times before IndexedDB has heard of the edit (decision 0021): that one of the nine is not tested there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forBrowser, Profile } from './support/browser.mjs';
import { filesOf, openCore, serveCore } from './support/core-page.mjs';
import { kExits } from './support/exits.mjs';

const kTimes = Number(process.env.EXIT_TIMES ?? forBrowser({ chromium: 10, firefox: 3 }));

const kHandlers = ['visibilitychange', 'pagehide', 'beforeunload'];

describe('exit matrix', () => {
  let server;
  let profile;
  let context;
  before(async () => {
    server = await serveCore();
    profile = new Profile();
    context = (await profile.open()).context();
  });
  after(async () => {
    await profile?.remove();
    await server?.close();
  });

  /**
   * The handler under test makes the last edit and does what the core does in its own: it flushes. The core's own
   * handlers are silenced, so that the one under test is alone.
   */
  async function arm(page, handler, id) {
    await page.evaluate(([name, key]) => {
      const target = name === 'visibilitychange' ? document : window;
      target.addEventListener(name, () => {
        window.core.dispatch(window.module.files.addFile({ id: key, name: key, content: 'last', language: 'text', path: `/${key}`, updatedAt: 1 }));
        void window.core.flush();
      }, { once: true });
      if (name !== 'beforeunload') return;
      // Nothing that comes later may help.
      for (const [other, late] of [[document, 'visibilitychange'], [window, 'pagehide'], [document, 'freeze']])
        other.addEventListener(late, (event) => event.stopImmediatePropagation(), true);
    }, [handler, id]);
  }

  for (const [exit, go] of Object.entries(kExits)) {
    for (const handler of kHandlers) {
      if (exit === 'close' && handler === 'pagehide' && forBrowser({ chromium: false, firefox: true })) continue;
      test(`${exit}, ${handler}: saved ${kTimes} of ${kTimes}`, { timeout: 30_000 + kTimes * 6_000 }, async () => {
        const name = `${exit}-${handler}`;
        let page = await openCore(await context.newPage(), server.url, { name });
        for (let time = 0; time < kTimes; time++) {
          await arm(page, handler, `f${time}`);
          page = await go(page, server.url);
          await openCore(page, server.url, { name });
          const there = Object.keys(await filesOf(page));
          assert.deepEqual(there, Array.from({ length: time + 1 }, (_, index) => `f${index}`));
        }
        await page.close();
      });
    }
  }
});
