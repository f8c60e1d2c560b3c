// Killed browsers: what the core called complete is there afterwards. At least two kills in a row come before each
// check, since Chromium's database survives the first and may be thrown away at the second. 20 cycles, in Firefox 5;
// KILL_CYCLES=300 for a campaign, KILL_SEED for the random choices.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { forBrowser, Profile } from './support/browser.mjs';
import { openCore, serveCore, statusOf } from './support/core-page.mjs';

const kCycles = Number(process.env.KILL_CYCLES ?? forBrowser({ chromium: 20, firefox: 5 }));
/** A tenth as many rounds for databases that are thrown away. */
const kRounds = Math.max(forBrowser({ chromium: 3, firefox: 1 }), kCycles / 10);
const kSeed = Number(process.env.KILL_SEED ?? 1);
const kVictims = ['renderer', 'browser', 'everything'];

function randomFrom(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

/**
 * Edits files as fast as a page may, each edit with the next number as its content. What becomes complete
 * and what becomes mirrored is told to this process, by file.
 */
async function edit(page, first, told) {
  await page.exposeFunction('told', (level, known) => {
    for (const [id, number] of known) told[level].set(id, Math.max(number, told[level].get(id) ?? 0));
  });
  await page.evaluate((start) => {
    const { core, module } = window;
    let number = start;
    const waiting = { complete: [], mirrored: [] };
    setInterval(() => {
      number++;
      const id = `f${number % 40}`;
      core.dispatch(module.files.addFile({ id, name: id, content: String(number), language: 'text', path: `/${id}`, updatedAt: 1 }));
      for (const list of Object.values(waiting)) list.push([core.status().seq, id, number]);
    }, 5);
    core.onStatus(() => {
      const { complete, mirrored } = core.status().durability;
      for (const [level, seq] of [['complete', complete], ['mirrored', mirrored]]) {
        const count = waiting[level].findIndex(([at]) => at > seq);
        const known = waiting[level].splice(0, count < 0 ? waiting[level].length : count).map(([, id, value]) => [id, value]);
        if (known.length > 0) void window.told(level, known);
      }
    });
  }, first);
}

/** Numbers of the files as the page has them now. */
const numbersOf = (page) => page.evaluate(() => window.core.getState().files.files.map(({ id, content }) => [id, Number(content)]));

/** Files of which less is there than was told. */
const missing = (known, there) => [...known].filter(([id, number]) => !(there.get(id) >= number)).map(([id, number]) => `${id}: ${there.get(id)} of ${number}`);

describe('kill matrix', () => {
  let server;
  before(async () => { server = await serveCore(); });
  after(() => server?.close());

  for (const victim of kVictims) {
    test(`${victim}: nothing that was complete is lost by kills in a row`, { timeout: 60_000 + kCycles * 15_000 }, async () => {
      const random = randomFrom(kSeed + kVictims.indexOf(victim));
      const profile = new Profile();
      const told = { complete: new Map(), mirrored: new Map() };
      const totals = { cycles: 0, kills: 0, acked: 0, lost: 0, wipes: 0, repaired: 0 };
      let number = 0;
      try {
        let page = await openCore(await profile.open(), server.url);
        for (; totals.cycles < Math.ceil(kCycles / kVictims.length); totals.cycles++) {
          // The page of the last check goes on, so that each check has two kills behind it.
          for (let kill = 0; kill < 2; kill++) {
            await edit(page, (number += 100_000), told);
            await sleep(100 + random(400));
            page = victim === 'renderer' ? await profile.killRenderers() : (await profile.kill(victim), await profile.open());
            totals.kills++;
            await openCore(page, server.url);
          }
          const there = new Map(await numbersOf(page));
          const { incident } = (await statusOf(page)).storage;
          const lost = missing(told.complete, there);
          totals.acked += told.complete.size;
          totals.lost += lost.length;
          if (incident !== null) {
            totals.wipes++;
            totals.repaired += incident.restoredFrom === null ? 0 : 1;
          }
          assert.deepEqual(lost, [], `cycle ${totals.cycles}, seed ${kSeed}: ${JSON.stringify(incident)}`);
          assert.ok(told.complete.size > 0, 'something was complete');
        }
      } finally {
        process.stdout.write(`kill matrix, ${victim}: ${JSON.stringify(totals)}\n`);
        await profile.remove();
      }
    });
  }

  test('a database that is thrown away behind a kill is repaired: nothing that was mirrored is lost', { timeout: 60_000 + kRounds * 20_000 }, async () => {
    const profile = new Profile();
    const told = { complete: new Map(), mirrored: new Map() };
    const totals = { wipes: 0, complete: 0, mirrored: 0, completeLost: 0 };
    try {
      for (let round = 0; round < kRounds; round++) {
        const page = await openCore(await profile.open(), server.url);
        await edit(page, (round + 1) * 100_000, told);
        await sleep(700);
        await profile.kill();
        profile.removeDatabases();
        const again = await openCore(await profile.open(), server.url);
        const there = new Map(await numbersOf(again));
        const { incident } = (await statusOf(again)).storage;
        totals.wipes++;
        totals.complete += told.complete.size;
        totals.mirrored += told.mirrored.size;
        totals.completeLost += missing(told.complete, there).length;
        assert.deepEqual([incident?.cause, incident?.restoredFrom], ['wiped', Profile.standby]);
        assert.ok(told.mirrored.size > 0);
        assert.deepEqual(missing(told.mirrored, there), []);
        for (const [id, value] of there) told.complete.set(id, value);
        await profile.kill();
      }
    } finally {
      process.stdout.write(`wipes behind a kill: ${JSON.stringify(totals)}\n`);
      await profile.remove();
    }
  });
});
