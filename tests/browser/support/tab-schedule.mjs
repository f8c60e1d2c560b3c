// A random schedule of tabs of one browser: pages that edit, close, crash, freeze and come back. Every edit leaves a
// mark that no other edit takes away; the page tells this process of those that its core called saved.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCorePage, startCorePage } from './core-page.mjs';
import { until } from './until.mjs';

/** Numbers below a limit, the same for the same seed. */
export function randomFrom(seed) {
  let state = (seed * 2654435761) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

const kShared = ['s0', 's1', 's2'];

/** What a page learns before its edits. */
function prepare() {
  const { core, module } = window;
  const file = (id, more) => ({ id, name: id, content: '', language: 't', path: '/', updatedAt: 1, ...more });
  const add = (id, more) => core.dispatch(module.files.addFile(file(id, more)));
  window.edit = ([kind, mark, target]) => {
    if (kind === 'shared' && core.read('files', target)) core.dispatch({ type: 'files/updateItem', payload: { id: target, content: mark, [mark]: 1 } });
    else if (kind === 'junk') {
      // What is added and taken back at once leaves nothing; an undo of anything else would take a mark away.
      add(`u${mark}`);
      core.undo();
      return;
    } else add(mark, { [mark]: 1 });
    void core.flush().then(() => window.told(mark), () => {});
  };
  window.roleAt = 0;
  let role = core.status().tabs.role;
  core.onStatus(() => {
    const now = core.status().tabs.role;
    if (now === 'writer' && role !== 'writer') window.roleAt = Date.now();
    role = now;
  });
}

/** The state of a tab, for a comparison. */
const shownBy = (page) => page.evaluate(() => {
  const { tabs, save, phase } = window.core.status();
  return { phase, role: tabs.role, writer: tabs.writer, pending: tabs.pending, save, files: JSON.stringify(window.core.getState().files.files), errors: window.errors };
});

export class TabSchedule {
  #context;
  #url;
  #name;
  #random;
  #leaves;
  #isOpeningFrozen;
  #tabs = [];
  #count = 0;
  /** By mark: whether the page was told that it is saved. */
  #marks = new Map();
  /** From the end of a writer to the next one, in milliseconds. */
  takeOvers = [];
  edits = 0;
  log = [];

  /** `leaves`: the ways in which a tab may leave here. `isOpeningFrozen`: at times one is frozen while it opens. */
  constructor(context, url, seed, leaves, isOpeningFrozen = false) {
    this.#leaves = leaves;
    this.#isOpeningFrozen = isOpeningFrozen;
    this.#context = context;
    this.#url = url;
    this.#name = `tabs-${seed}-${Date.now().toString(36)}`;
    this.#random = randomFrom(seed);
  }

  async run(actions = 14) {
    const most = this.#random(10) === 0 ? 8 : 2 + this.#random(3);
    await this.#open();
    await this.#edit(this.#tabs[0], 3, 'seed');
    await this.#open();
    for (let i = 0; i < actions; i++) await this.#act(most);
    await this.#end();
  }

  /** Whatever became of it. */
  async close() {
    await Promise.all(this.#tabs.splice(0).map(({ page }) => page.close().catch(() => {})));
  }

  async #newTab() {
    const page = await this.#context.newPage();
    page.setDefaultTimeout(30_000);
    const tab = { page, name: `t${this.#count++}`, marks: [], isFrozen: false };
    page.on('crash', () => this.#died(tab));
    await page.exposeFunction('told', (mark) => void this.#marks.set(mark, true));
    if (this.#leaves.includes('freeze')) tab.session = await this.#context.newCDPSession(page);
    return tab;
  }

  async #open() {
    const tab = await this.#newTab();
    await openCorePage(tab.page, this.#url, { name: this.#name });
    await this.#opened(tab);
    this.#tabs.push(tab);
    this.#say(`${tab.name} opens`);
  }

  async #opened({ page, name }) {
    const failure = await page.evaluate(() => window.failure);
    assert.equal(failure, undefined, `${name} did not open`);
    await page.evaluate(prepare);
  }

  /** Opens a page, and freezes it wherever it is then. */
  async #openFrozen() {
    const tab = await this.#newTab();
    await startCorePage(tab.page, this.#url, { name: this.#name });
    const ms = this.#random(200);
    await sleep(ms);
    tab.isFrozen = tab.isOpening = true;
    await tab.session.send('Page.setWebLifecycleState', { state: 'frozen' });
    this.#tabs.push(tab);
    this.#say(`${tab.name} is frozen ${ms} ms after it began to open`);
  }

  /** What it had not saved may be lost with it. */
  #died(tab) {
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    for (const mark of tab.marks) if (!this.#marks.get(mark)) this.#marks.delete(mark);
  }

  async #edit(tab, count, kind) {
    const edits = [];
    for (let i = 0; i < count; i++) {
      const mark = kind === 'seed' ? kShared[i] : `m${++this.edits}`;
      const what = kind ?? ['shared', 'shared', 'add', 'junk'][this.#random(4)];
      edits.push([what, mark, kShared[this.#random(3)]]);
      if (what === 'junk') continue;
      this.#marks.set(mark, false);
      tab.marks.push(mark);
    }
    this.#say(`${tab.name} edits ${edits.map(([what, mark]) => `${what} ${mark}`).join(', ')}`);
    await tab.page.evaluate((list) => list.forEach((one) => window.edit(one)), edits);
  }

  #running() {
    return this.#tabs.filter(({ isFrozen }) => !isFrozen);
  }

  async #writer() {
    for (const tab of this.#running()) if ((await shownBy(tab.page)).role === 'writer') return tab;
    return undefined;
  }

  /** Ends a writer's reign, and takes the time until the next one's. */
  async #leave(tab, how) {
    const wasWriter = (await this.#writer()) === tab;
    this.#say(`${tab.name}${wasWriter ? ', the writer,' : ''} ${how}s`);
    const at = Date.now();
    if (how === 'freeze') {
      tab.isFrozen = true;
      await tab.session.send('Page.setWebLifecycleState', { state: 'frozen' });
    } else if (how === 'crash') {
      // Nobody answers that, nor a question to a page that crashed.
      const crashed = new Promise((resolve) => tab.page.once('crash', resolve));
      tab.session.send('Page.crash').catch(() => {});
      await crashed;
      void tab.page.close().catch(() => {});
    } else {
      // As a user closes it: what it had not saved goes to the writer, or to the next start.
      this.#died(tab);
      await tab.page.close();
    }
    if (!wasWriter || this.#running().length === 0) return;
    const next = await until('another tab writes', () => this.#writer());
    const roleAt = await next.page.evaluate(() => window.roleAt);
    this.takeOvers.push(roleAt - at);
    this.#say(`${next.name} took over after ${roleAt - at} ms`);
  }

  async #thaw(tab) {
    this.#say(`${tab.name} thaws`);
    await tab.session.send('Page.setWebLifecycleState', { state: 'active' });
    tab.isFrozen = false;
    if (!tab.isOpening) return;
    tab.isOpening = false;
    await tab.page.getByText('settled').waitFor();
    await this.#opened(tab);
  }

  async #act(most) {
    const running = this.#running();
    const dice = this.#random(100);
    const any = running[this.#random(running.length)];
    const frozen = this.#tabs.find(({ isFrozen }) => isFrozen);
    if (running.length === 0 || (dice < 18 && this.#tabs.length < most)) {
      if (frozen && this.#random(2) === 0) await this.#thaw(frozen);
      else if (this.#isOpeningFrozen && running.length > 0 && this.#random(2) === 0) await this.#openFrozen();
      else await this.#open();
    } else if (dice < 68) {
      await this.#edit(any, 1 + this.#random(4));
    } else {
      const writer = this.#random(2) === 0 ? await this.#writer() : undefined;
      await this.#leave(writer ?? any, this.#leaves[this.#random(this.#leaves.length)]);
    }
    if (this.#random(3) === 0) await sleep(this.#random(120));
  }

  /** Everybody runs, nobody disturbs them: all must be equal, and a fresh start as well. */
  async #end() {
    for (const tab of this.#tabs.filter(({ isFrozen }) => isFrozen)) await this.#thaw(tab);
    if (this.#tabs.length < 2) await this.#open();
    await until('all tabs are equal', async () => {
      const shown = await Promise.all(this.#tabs.map(({ page }) => shownBy(page)));
      this.last = shown.map(({ files, ...rest }) => rest);
      const isDone = shown.every(({ phase, pending, save, files }) => phase === 'ready' && pending === 0 && save === 'saved' && files === shown[0].files);
      return isDone && shown.filter(({ role }) => role === 'writer').length === 1;
    });
    await this.#open();
    const shown = await Promise.all(this.#tabs.map(({ page }) => shownBy(page)));
    for (const { files } of shown) assert.equal(files, shown[0].files);
    const missing = [...this.#marks].filter(([mark]) => !shown[0].files.includes(kShared.includes(mark) ? `"id":"${mark}"` : `"${mark}":1`));
    assert.deepEqual(missing, [], 'an edit that was saved, or of a living tab, is gone');
    assert.equal(/"id":"u/.test(shown[0].files), false, 'an undone edit is there');
    assert.deepEqual(shown.flatMap(({ errors }) => errors), []);
  }

  #say(text) {
    this.log.push(text);
    if (process.env.TAB_TRACE) process.stdout.write(`${text}\n`);
  }
}

/** `part` (0 to 1) of the values are at most this. */
export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
}
