// Nothing that was typed is lost: over a reload, a killed browser, and a renderer that dies in the middle of a burst.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Profile } from './support/browser.mjs';
import { serveEditor } from './support/editor-server.mjs';
import { Editor } from './support/editor.mjs';
import { until } from './support/until.mjs';

const kFile = 'file-price-ts';
const kBurst = 'abcdefghijklmnopqrst';
/** The renderer dies in the middle of the burst, right behind this many edits. */
const kDiesAfter = 12;

/** Follows from outside how far the core has said that edits are durable; the answer survives the page. */
async function watchDurable(page) {
  let seq = 0;
  await page.exposeFunction('tellDurable', (durable) => { seq = Math.max(seq, durable); });
  await page.evaluate(() => window.codeforge.onStatus(() => void window.tellDurable(window.codeforge.status().durableSeq)));
  return () => seq;
}

describe('durability', () => {
  let server;
  before(async () => { server = await serveEditor(); });
  after(() => server?.close());

  /** Each with a profile of its own, removed whatever happens. */
  function testWithProfile(name, run) {
    test(name, { timeout: 90_000 }, async () => {
      const profile = new Profile();
      try {
        await run(profile);
      } finally {
        await profile.remove();
      }
    });
  }

  testWithProfile('an edit is there after a reload right behind the last key', async (profile) => {
    const editor = await Editor.open(await profile.open(), server.url);
    await editor.openFile(kFile);
    await editor.type('// typed before the reload');
    await editor.reload();
    const { content } = await editor.item('files', kFile);
    assert.ok(content.endsWith('// typed before the reload'), content.slice(-60));
    await editor.openFile(kFile);
    await editor.page.getByTestId('code').getByText('// typed before the reload').waitFor();
    editor.assertNoFaults();
  });

  testWithProfile('everything is there when the whole browser is killed one second after the last edit', async (profile) => {
    const editor = await Editor.open(await profile.open(), server.url);
    await editor.openFile(kFile);
    await editor.type('// before the kill');
    await editor.page.getByTestId('section-models').click();
    await editor.page.getByTestId('add-field').click();
    await editor.go('#/componentTrees/tree-shop/shop-11');
    await editor.fill(editor.page.getByTestId('node-text'), 'Order now');
    await editor.go('#/workflows/workflow-order/workflow-order-enough');
    await editor.fill(editor.page.getByTestId('step-name'), 'Is there enough?');
    const state = await editor.state();
    for (const typed of ['// before the kill', 'Order now', 'Is there enough?']) assert.ok(JSON.stringify(state).includes(typed), typed);
    await sleep(1_000);
    await profile.kill();
    const again = await Editor.open(await profile.open(), server.url);
    assert.deepEqual(await again.state(), state);
    const status = await again.status();
    assert.deepEqual([status.recovery.damagedRecords, status.storage.error], [0, null]);
  });

  testWithProfile('what a dying renderer leaves of a burst is a prefix, and at most the last edit is missing', async (profile) => {
    const page = await profile.open();
    const editor = await Editor.open(page, server.url);
    await editor.openFile(kFile);
    const { content: before_ } = await editor.item('files', kFile);
    const firstSeq = (await editor.status()).seq;
    const acknowledged = await watchDurable(page);
    for (const letter of kBurst.slice(0, kDiesAfter - 1)) {
      await page.keyboard.press(letter);
      await sleep(40);
    }
    await page.keyboard.press(kBurst[kDiesAfter - 1]);
    const crashed = profile.crash(page);
    const safe = acknowledged() - firstSeq;
    await crashed;
    const again = await Editor.open(await profile.newPage(), server.url);
    const { content } = await again.item('files', kFile);
    assert.ok(content.startsWith(before_));
    const kept = content.slice(before_.length);
    assert.ok(kBurst.startsWith(kept), `not a prefix: ${kept}`);
    assert.ok(kept.length >= safe, `the core had said that ${safe} edits are saved, and ${kept.length} are there`);
    assert.ok(kept.length === kDiesAfter || kept.length === kDiesAfter - 1, `${kept.length} of ${kDiesAfter} edits were kept`);
  });

  testWithProfile('a tab that is closed right behind an edit has saved it', async (profile) => {
    const page = await profile.open();
    const editor = await Editor.open(page, server.url);
    await editor.openFile(kFile);
    await editor.type('x');
    const { content } = await editor.item('files', kFile);
    const context = page.context();
    await page.close({ runBeforeUnload: true });
    const again = await Editor.open(await context.newPage(), server.url);
    assert.equal((await again.item('files', kFile)).content, content);
  });

  testWithProfile('a second tab shows what the first one types, and saves on when that one closes', async (profile) => {
    const page = await profile.open();
    const editor = await Editor.open(page, server.url);
    const second = await Editor.open(await page.context().newPage(), server.url);
    await editor.openFile(kFile);
    await editor.type('// typed in the first tab');
    const { content } = await editor.item('files', kFile);
    await until('the second tab has it', async () => (await second.item('files', kFile)).content === content);
    await page.close();
    await second.openFile(kFile);
    await second.type(', and in the second');
    await second.untilSaved();
    await second.reload();
    assert.equal((await second.item('files', kFile)).content, `${content}, and in the second`);
    second.assertNoFaults();
  });
});
