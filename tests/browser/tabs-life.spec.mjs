// Tabs that stand still in the middle of something, or hang: what was edited until then is kept, and nobody waits for them
// longer than has to be. In Chromium: it freezes pages on demand.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Profile } from './support/browser.mjs';
import { filesOf, openCorePage, putFiles, serveCore, statusOf } from './support/core-page.mjs';
import { until } from './support/until.mjs';

describe('tabs that stand still', () => {
  let server, profile, context;
  before(async () => {
    server = await serveCore();
    profile = new Profile();
    context = (await profile.open({ isPlain: true })).context();
  });
  after(async () => {
    await profile?.remove();
    await server?.close();
  });

  async function newPage() {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return page;
  }

  /** Pages that have the store open, the first of them its writer. */
  async function open(count, name) {
    const pages = [];
    for (let i = 0; i < count; i++) {
      const page = await openCorePage(await newPage(), server.url, { name });
      await page.evaluate(() => {
        window.add = (id) => window.core.dispatch(window.module.files.addFile({ id, name: id, content: '', language: 't', path: '/', updatedAt: 1 }));
      });
      pages.push(page);
    }
    return pages;
  }

  async function setState(page, state) {
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state });
    await session.detach();
  }
  const freeze = (page) => setState(page, 'frozen');
  const thaw = (page) => setState(page, 'active');

  const idsOf = async (page) => Object.keys(await filesOf(page)).sort();
  const roleOf = async (page) => (await statusOf(page)).tabs.role;
  const writes = (page) => until('it writes', async () => (await roleOf(page)) === 'writer');
  const closeAll = (pages) => Promise.all(pages.map((page) => page.close()));

  test('an edit that the application makes when the page is frozen is written before another tab writes', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'late');
    await a.evaluate(() => document.addEventListener('freeze', () => window.add('late')));
    await freeze(a);
    await writes(b);
    assert.deepEqual(await idsOf(b), ['late']);
    await profile.crash(a);
    const [c] = await open(1, 'late');
    assert.deepEqual(await idsOf(c), ['late']);
    await closeAll([a, b, c]);
  });

  test('a follower\'s edit of that moment goes to the writer', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'late-follower');
    await b.evaluate(() => document.addEventListener('freeze', () => window.add('late')));
    await freeze(b);
    await until('the writer has it', async () => (await idsOf(a)).includes('late'));
    await thaw(b);
    await until('and has said so', async () => (await statusOf(b)).tabs.pending === 0);
    assert.deepEqual(await idsOf(b), ['late']);
    await closeAll([a, b]);
  });

  /** Freezes the writer, with an edit that comes after the core's own listener, however late that is. */
  async function freezeBehind(page, edit = () => window.add('behind')) {
    await page.evaluate(`window.behind = ${edit}`);
    await page.evaluate(() => document.addEventListener('freeze', ({ bubbles }) => {
      (bubbles ? window : document).addEventListener('freeze', window.behind, { once: true });
    }, true));
    await freeze(page);
  }

  test('an edit behind the step-down is found by the next tab if the page never runs again', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'behind-dead');
    await freezeBehind(a);
    await writes(b);
    assert.deepEqual(await idsOf(b), [], 'it is the frozen page\'s, which may do it yet');
    await profile.crash(a);
    await until('it is found', async () => (await idsOf(b)).includes('behind'));
    await closeAll([a, b]);
  });

  test('an undo that is found takes back what its own page did, and nothing of the finder', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'behind-undo');
    await putFiles(a, ['a'], 'a');
    await putFiles(b, ['b'], 'b');
    await freezeBehind(a, () => window.core.undo());
    await writes(b);
    await profile.crash(a);
    await until('it is done', async () => !(await idsOf(b)).includes('a'));
    assert.deepEqual(await idsOf(b), ['b']);
    assert.deepEqual(await b.evaluate(() => window.core.undo().items.map(({ id }) => id)), ['b'], 'whose own step is still there');
    await closeAll([a, b]);
  });

  test('an edit behind the step-down is done once if the page runs again', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'behind-alive');
    await freezeBehind(a);
    await writes(b);
    await thaw(a);
    await until('it is done', async () => (await idsOf(b)).includes('behind') && (await statusOf(a)).tabs.pending === 0);
    assert.deepEqual(await idsOf(a), ['behind']);
    await a.close();
    const keys = await b.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':behind-alive:tail:')));
    assert.deepEqual(keys, [], 'and forgotten where it was kept meanwhile');
    await b.close();
  });

  /** A page whose reading of the store's files takes until release() is called in it. */
  async function openSlowly(name) {
    const page = await newPage();
    await page.addInitScript(() => {
      const open = indexedDB.open.bind(indexedDB);
      const gate = new Promise((resolve) => (window.release = resolve));
      IDBFactory.prototype.open = function slowOpen(path, version) {
        if (this !== indexedDB) return Reflect.apply(open, this, [path, version]);
        const real = open(path, version);
        const late = new Proxy(real, {
          set: (target, key, handler) => {
            target[key] = key === 'onsuccess' ? (event) => gate.then(() => handler(event)) : handler;
            return true;
          },
          get: (target, key) => (typeof target[key] === 'function' ? target[key].bind(target) : target[key]),
        });
        window.isOpening = true;
        return late;
      };
    });
    await page.goto(`${server.url}?options=${encodeURIComponent(JSON.stringify({ name }))}`);
    await until('it opens the database', () => page.evaluate(() => window.isOpening === true));
    return page;
  }

  test('a tab that is frozen while it opens gives the lock back, and opens when it runs again', { timeout: 60_000 }, async () => {
    const slow = await openSlowly('opening');
    await freeze(slow);
    const [b] = await open(1, 'opening');
    await writes(b);
    await putFiles(b, ['b'], 'b');
    await thaw(slow);
    await slow.evaluate(() => window.release());
    await slow.getByText('settled').waitFor();
    assert.equal(await slow.evaluate(() => window.failure), undefined);
    assert.equal(await roleOf(slow), 'follower');
    assert.deepEqual(await idsOf(slow), ['b']);
    await putFiles(slow, ['slow'], 's');
    await until('both have both', async () => (await idsOf(b)).length === 2);
    await b.close();
    await writes(slow);
    assert.deepEqual(await idsOf(slow), ['b', 'slow']);
    await slow.close();
  });

  test('a frozen follower hears nothing, and has everything when it runs again', { timeout: 60_000 }, async () => {
    const [a] = await open(1, 'deaf');
    const b = await newPage();
    await b.addInitScript(() => {
      window.heard = 0;
      const { set } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, 'onmessage');
      Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
        set(run) {
          set.call(this, (event) => {
            window.heard += event.data.messages.length;
            run(event);
          });
        },
      });
    });
    await openCorePage(b, server.url, { name: 'deaf' });
    await freeze(b);
    await b.evaluate(() => (window.heard = 0));
    await a.evaluate(() => {
      for (let i = 0; i < 300; i++) setTimeout(() => window.add(`f${i}`), i);
    });
    await until('the writer has all', async () => (await idsOf(a)).length === 300 && (await statusOf(a)).save === 'saved');
    await thaw(b);
    await until('it has all', async () => (await idsOf(b)).length === 300);
    assert.ok((await b.evaluate(() => window.heard)) < 100, 'what was said meanwhile did not wait for it');
    await putFiles(b, ['own'], 'o');
    await until('its edits arrive', async () => (await idsOf(a)).includes('own'));
    await closeAll([a, b]);
  });

  test('a follower\'s transaction is one write', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, 'transaction');
    await a.evaluate(() => {
      window.writes = 0;
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function counted(stores, mode, options) {
        if (mode === 'readwrite' && this.name.includes('codeforge-transaction') && [stores].flat().includes('FILE_DATA')) window.writes++;
        return Reflect.apply(transaction, this, [stores, mode, options]);
      };
    });
    await b.evaluate(async () => {
      window.core.transaction(() => {
        for (let i = 0; i < 20; i++) window.add(`f${i}`);
      });
      await window.core.flush();
    });
    assert.equal(await a.evaluate(() => window.writes), 1);
    assert.equal((await idsOf(a)).length, 20);
    await b.evaluate(() => window.core.undo());
    await until('and one step', async () => (await idsOf(a)).length === 0);
    await closeAll([a, b]);
  });

  test('what is dropped is counted one by one and told together', { timeout: 60_000 }, async () => {
    const [a] = await open(1, 'flood');
    const told = await a.evaluate(async () => {
      let count = 0;
      window.core.onStatus(() => count++);
      const channel = new BroadcastChannel('codeforge-core:flood');
      for (let i = 0; i < 1000; i++) channel.postMessage(i);
      while (window.core.status().tabs.dropped < 1000) await new Promise((wake) => setTimeout(wake, 20));
      return count;
    });
    assert.ok(told < 200, `1,000 dropped messages renewed the status ${told} times`);
    await a.close();
  });

  test('a writer that hangs is shown as such; edits beside it outlive both tabs', { timeout: 90_000 }, async () => {
    const [a, b] = await open(2, 'hung');
    const session = await context.newCDPSession(a); // while it answers
    await putFiles(b, ['before'], 'b');
    void a.evaluate(() => {
      for (;;);
    }).catch(() => {});
    await b.evaluate(() => window.add('beside'));
    await until('it is known', async () => (await statusOf(b)).tabs.writer === 'unresponsive');
    const { tabs, save } = await statusOf(b);
    assert.deepEqual([tabs.role, tabs.pending, save], ['follower', 1, 'saving']);
    await b.evaluate(() => window.add('later'));
    assert.deepEqual(await idsOf(b), ['before', 'beside', 'later']);
    await b.close();
    session.send('Page.crash').catch(() => {}); // as the user ends a page that does not answer
    await once(a, 'crash');
    const [c] = await open(1, 'hung');
    assert.deepEqual(await idsOf(c), ['before', 'beside', 'later']);
    await closeAll([a, c]);
  });

  test('a writer that hung and goes on has what was edited beside it, once', { timeout: 90_000 }, async () => {
    const [a, b] = await open(2, 'hung-a-while');
    void a.evaluate(() => {
      const end = Date.now() + 4_000;
      while (Date.now() < end);
    }).catch(() => {});
    await b.evaluate(() => window.add('beside'));
    await b.close();
    await until('it has it', async () => (await idsOf(a)).includes('beside'));
    await a.evaluate(() => window.core.flush());
    const { seq } = await statusOf(a);
    const [c] = await open(1, 'hung-a-while');
    assert.equal((await statusOf(a)).seq, seq, 'nothing was done again');
    await a.close();
    await writes(c);
    assert.deepEqual(await idsOf(c), ['beside']);
    await c.close();
  });
});
