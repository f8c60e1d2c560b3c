// Tabs of one store in a real browser: each reads and writes, one of them saves, and whoever closes, crashes or freezes
// takes nothing with it that was saved. 50 random schedules (in Firefox 5, of closes alone: its pages of one site share a
// process, and it freezes none);
// TAB_SCHEDULES=500 for a campaign, TAB_SEED=n begins with that seed, TAB_TRACE=1 prints what happens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forBrowser, Profile } from './support/browser.mjs';
import { filesOf, openCorePage, putFiles, serveCore, statusOf } from './support/core-page.mjs';
import { percentile, TabSchedule } from './support/tab-schedule.mjs';
import { until } from './support/until.mjs';

const kSchedules = Number(process.env.TAB_SCHEDULES ?? forBrowser({ chromium: 50, firefox: 5 }));
const kLeaves = forBrowser({ chromium: ['close', 'crash', 'crash', 'freeze'], firefox: ['close'] });
const kFirstSeed = Number(process.env.TAB_SEED ?? 1);

describe('tabs', () => {
  let server, profile, first, context;
  before(async () => {
    server = await serveCore();
    profile = new Profile();
    first = await profile.open({ isPlain: true });
    context = first.context();
  });
  after(async () => {
    await profile?.remove();
    await server?.close();
  });

  /** Pages that have a store open. */
  async function open(count, options) {
    const pages = [];
    for (let i = 0; i < count; i++) {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      pages.push(await openCorePage(page, server.url, options));
    }
    return pages;
  }

  const roleOf = async (page) => (await statusOf(page)).tabs.role;
  const isShown = (page, id) => until(`${id} is shown`, async () => id in (await filesOf(page)));

  test('an edit in any tab is in the others, and saved by the one that writes', { timeout: 60_000 }, async () => {
    const [a, b, c] = await open(3, { name: 'three' });
    assert.deepEqual([await roleOf(a), await roleOf(b), await roleOf(c)], ['writer', 'follower', 'follower']);
    await putFiles(b, ['from-b'], 'b');
    await putFiles(a, ['from-a'], 'a');
    for (const page of [a, b, c]) for (const id of ['from-a', 'from-b']) await isShown(page, id);
    const { tabs, save } = await statusOf(c);
    assert.deepEqual([tabs.others, tabs.pending, save], [2, 0, 'saved']);
    for (const page of [a, b, c]) await page.close();
    const [again] = await open(1, { name: 'three' });
    assert.deepEqual(Object.keys(await filesOf(again)).sort(), ['from-a', 'from-b']);
    await again.close();
  });

  test('undo takes back what this tab did, and nothing of another', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, { name: 'undo' });
    await putFiles(a, ['from-a'], 'a');
    await putFiles(b, ['from-b'], 'b');
    await isShown(b, 'from-a');
    const move = await b.evaluate(() => window.core.undo());
    assert.deepEqual(move.items.map(({ id }) => id), ['from-b']);
    await until('the writer hears of it', async () => !('from-b' in (await filesOf(a))));
    assert.deepEqual(Object.keys(await filesOf(b)), ['from-a']);
    assert.equal(await b.evaluate(() => window.core.undo()), null);
    for (const page of [a, b]) await page.close();
  });

  test('a tab of another version is shown as one, and neither hears the other', { timeout: 60_000 }, async () => {
    const [a] = await open(1, { name: 'versions' });
    const [b] = await open(1, { name: 'versions', slices: { notes: { indexes: [] } } });
    await putFiles(a, ['from-a'], 'a');
    await until('both know', async () => (await statusOf(a)).tabs.otherVersion && (await statusOf(b)).tabs.otherVersion);
    assert.equal((await statusOf(b)).tabs.writer, 'missing');
    await b.evaluate(() => void window.core.dispatch(window.module.files.addFile({ id: 'from-b', name: 'b', content: '', language: 't', path: '/', updatedAt: 1 })));
    await a.close();
    // The newer one takes the store over, with what it could not give away.
    await until('it writes', async () => (await roleOf(b)) === 'writer');
    await b.evaluate(() => window.core.flush());
    assert.deepEqual(Object.keys(await filesOf(b)).sort(), ['from-a', 'from-b']);
    assert.equal((await statusOf(b)).tabs.otherVersion, false);
    await b.close();
  });

  test('whatever else is said on the channel is counted and dropped', { timeout: 60_000 }, async () => {
    const [a, b] = await open(2, { name: 'noise' });
    await b.evaluate(() => {
      const channel = new BroadcastChannel('codeforge-core:noise');
      for (const noise of [null, 1, 'x', {}, [], { from: 'x.1' }, { protocol: 1, stamp: 1, from: 'x.1', messages: [] }, { from: 'y'.repeat(1000) }, new Uint8Array(9)])
        channel.postMessage(noise);
    });
    await until('it is counted', async () => (await statusOf(a)).tabs.dropped >= 9);
    await putFiles(b, ['kept'], 'k');
    await isShown(a, 'kept');
    for (const page of [a, b]) await page.close();
  });

  /** Runs the schedule of a seed, and tells what it did if it fails. In those of even seeds pages are frozen while they open, too. */
  async function scheduled(seed) {
    const schedule = new TabSchedule(context, server.url, seed, kLeaves, kLeaves.includes('freeze') && seed % 2 === 0);
    try {
      await schedule.run();
    } catch (error) {
      process.stdout.write(`TAB_SEED=${seed} failed: ${JSON.stringify(schedule.last)}\n  ${schedule.log.join('\n  ')}\n`);
      throw error;
    } finally {
      await schedule.close();
    }
    return schedule;
  }

  if (kLeaves.includes('freeze')) test('a follower that is frozen while it reads the files keeps nobody from writing (seed 39)', { timeout: 120_000 }, async () => {
    assert.ok((await scheduled(39)).edits > 0);
  });

  test(`${kSchedules} random schedules: nothing that was saved is lost, and all tabs end equal`, { timeout: 180_000 + kSchedules * 30_000 }, async () => {
    const takeOvers = [];
    const totals = { schedules: 0, edits: 0 };
    try {
      for (; totals.schedules < kSchedules; totals.schedules++) {
        const schedule = await scheduled(kFirstSeed + totals.schedules);
        takeOvers.push(...schedule.takeOvers);
        totals.edits += schedule.edits;
      }
    } finally {
      const times = takeOvers.length > 0 ? { p50: percentile(takeOvers, 0.5), p99: percentile(takeOvers, 0.99), max: Math.max(...takeOvers) } : {};
      process.stdout.write(`tabs: ${JSON.stringify({ ...totals, takeOvers: takeOvers.length, takeOverMs: times })}\n`);
    }
    assert.ok(takeOvers.length > 0, 'somebody took over');
  });
});
