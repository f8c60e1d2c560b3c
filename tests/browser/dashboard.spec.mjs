// PersistenceDashboard in Chromium with the real Flask server: pushes, a server that is away, refused edits, auto-sync.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { componentsSuite, sampleFile as file } from './support/components-page.mjs';

describe('dashboard', () => {
  const { flask, started } = componentsSuite();
  let page;
  let components;
  before(() => ({ page, components } = started()));

  const open = (...args) => components.open(...args);
  const dispatch = (...args) => components.dispatch(...args);
  const read = (...args) => components.read(...args);
  const sync = (command) => components.sync(command);
  const untilOnServer = (...args) => components.untilOnServer(...args);

  test('push shows what happened, the queue empties, the chart grows', { timeout: 60_000 }, async () => {
    await open('dashboard');
    await dispatch('files/addItems', [file('a'), file('b'), file('c')]);
    const queue = page.getByRole('region', { name: 'Queue' });
    await queue.getByText('3 changes').waitFor();
    await page.getByRole('button', { name: 'Push to server' }).click();
    await page.getByRole('status').filter({ hasText: 'Pushed 3 changes' }).waitFor();
    await queue.getByText('Nothing waits').waitFor();
    assert.deepEqual(Object.keys(await flask.contents()).filter((key) => key.startsWith('files:')).sort(), ['files:a', 'files:b', 'files:c']);
    const operations = await page.evaluate(() => window.core.status().sync.metrics.operationTimes.length);
    assert.equal(await page.locator('.cf-plot rect').count(), operations);
    assert.match(await page.locator('.cf-plot svg').getAttribute('aria-label'), new RegExp(`^${operations} exchanges: median`));
    await page.getByRole('button', { name: 'Start counting anew' }).click();
    await page.getByText('No exchange yet').waitFor();
    assert.deepEqual(components.faults, []);
  });

  test('with the server away it says what is safe and what to do; "Try again now" goes on when it is back', { timeout: 90_000 }, async () => {
    await open('dashboard');
    await flask.stop();
    await dispatch('files/addItem', file('a'));
    await page.getByRole('button', { name: 'Push to server' }).click();
    const problems = page.getByRole('group', { name: 'Problems' });
    await problems.getByText('The server cannot be reached').waitFor();
    await problems.getByText(/Everything is saved on this device/).waitFor();
    await page.getByText('Not reachable', { exact: true }).waitFor();
    await flask.start();
    await problems.getByRole('button', { name: 'Try again now' }).click();
    await untilOnServer('files:a', { name: 'a.ts' });
    await problems.waitFor({ state: 'detached' });
  });

  test('an edit that the server refuses is shown with the reason, sent again or discarded', { timeout: 60_000 }, async () => {
    await open('dashboard');
    // Flask takes everything that the core lets through; another server may have rules of its own.
    const refuse = (route) => (route.request().method() === 'PUT' ? route.fulfill({ status: 422, headers: { 'Access-Control-Allow-Origin': '*' }, json: { error: 'names must not be rude' } }) : route.continue());
    await page.route('**/api/storage/files%3Arude', refuse);
    await dispatch('files/addItem', file('rude'));
    await sync('push').catch(() => {});
    const card = page.getByRole('region', { name: 'Refused by the server' });
    await card.getByText(/the server answered 422/).waitFor();
    await page.locator('.cf-toast').filter({ hasText: 'The server refused 1 edit' }).waitFor();
    await card.getByRole('button', { name: /^Discard/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard it' }).click();
    await card.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => window.core.rejected.length), 0);
    await dispatch('files/addItem', file('rude', { content: 'again' }));
    await sync('push').catch(() => {});
    await card.waitFor();
    await page.unroute('**/api/storage/files%3Arude', refuse);
    await card.getByRole('button', { name: /^Send again/ }).click();
    await untilOnServer('files:rude', { content: 'again' });
    await card.waitFor({ state: 'detached' });
    assert.equal((await read('files', 'rude')).content, 'again');
    assert.deepEqual(components.faults, []);
  });

  test('auto-sync is switched by keyboard and stays so', { timeout: 60_000 }, async () => {
    await open('dashboard');
    const control = page.getByRole('switch', { name: /Sync by itself/ });
    assert.equal(await control.isChecked(), false);
    await control.focus();
    await page.keyboard.press('Space');
    assert.equal(await page.evaluate(() => window.core.getState().settings.settings.autoSync), true);
    await page.getByRole('switch', { name: /After edits too/ }).check();
    assert.equal(await page.evaluate(() => window.core.status().sync.autoSync.syncOnChange), true);
    await page.getByRole('combobox').selectOption('60000');
    assert.deepEqual(await page.evaluate(() => { const { enabled, intervalMs } = window.core.status().sync.autoSync; return { enabled, intervalMs }; }), { enabled: true, intervalMs: 60_000 });
    assert.equal(await page.evaluate(() => window.core.getState().settings.settings.syncInterval), 60_000);
    await dispatch('files/addItem', file('later'));
    await page.reload();
    await page.waitForFunction(() => window.core);
    assert.equal(await control.isChecked(), true);
  });
});
