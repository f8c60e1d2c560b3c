// Chromium as its user has it: a process with a profile folder, which can be closed, killed, and opened again.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { killGroup, untilGroupGone } from './process-group.mjs';
import { until } from './until.mjs';

const kProgram = process.env.CHROMIUM || '/usr/bin/chromium';
const kFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-crash-reporter', '--disable-dev-shm-usage', '--remote-debugging-port=0',
];

export class Profile {
  #folder = mkdtempSync(join(tmpdir(), 'codeforge-profile-'));
  #child;
  #browser;

  /** Where the standby copy is kept by default. */
  static standby = 'bucket';

  /** Where the browser keeps the profile. */
  get folder() {
    return this.#folder;
  }

  /** Removes the primary databases of a stopped browser. */
  removeDatabases() {
    rmSync(join(this.#folder, 'Default/IndexedDB'), { recursive: true });
  }

  /** Removes the standby copies of a stopped browser. */
  removeStandby() {
    rmSync(join(this.#folder, 'Default/WebStorage'), { recursive: true });
  }

  /** Files of the site's primary database whose name ends with `ending`, oldest first. */
  databaseFiles(ending) {
    const root = join(this.#folder, 'Default/IndexedDB');
    const folder = join(root, readdirSync(root).find((name) => name.endsWith('.leveldb')));
    return readdirSync(folder).filter((name) => name.endsWith(ending)).sort().map((name) => join(folder, name));
  }

  /** Starts the browser on this profile and resolves with a page of that size. `isPlain`: pages may be hidden, and so frozen. */
  async open({ width = 1280, height = 800, isPlain = false } = {}) {
    const portFile = join(this.#folder, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    // A process group of its own, so that a kill reaches renderers and all.
    this.#child = spawn(kProgram, [...kFlags, `--user-data-dir=${this.#folder}`, `--window-size=${width},${height}`, 'about:blank'], { detached: true, stdio: 'ignore' });
    const port = await until('Chromium listens', () => {
      if (this.#child.exitCode !== null) throw new Error(`${kProgram} ended with ${this.#child.exitCode}`);
      return readFileSync(portFile, 'utf8').split('\n')[0];
    });
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: isPlain });
    const page = await this.#browser.contexts()[0].newPage();
    await page.setViewportSize({ width, height });
    page.setDefaultTimeout(20_000);
    return page;
  }

  async #ended() {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    this.#child = undefined;
    await this.#browser?.close().catch(() => {});
    this.#browser = undefined;
  }

  /** SIGKILL to every process of the browser, or to its first one only: nothing of it gets to say goodbye. */
  async kill(what = 'everything') {
    const group = this.#child?.pid;
    if (group === undefined) return;
    killGroup(group, what === 'browser');
    await this.#ended();
    await untilGroupGone(group);
  }

  /** SIGKILL to every renderer; the browser lives on. Resolves with a page of its own. */
  async killRenderers() {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
    return this.newPage();
  }

  /** A page of its own, also right behind a crash: the browser may hand out a renderer that it does not know to be dead. */
  async newPage() {
    const page = await until('a page opens', () => this.#browser.contexts()[0].newPage());
    page.setDefaultTimeout(20_000);
    return page;
  }

  /** Lets the process of `page` die at once; resolves when it has. */
  async crash(page) {
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await crashed;
  }

  /** As a user quits it. */
  async close() {
    if (!this.#child) return;
    const session = await this.#browser.newBrowserCDPSession();
    session.send('Browser.close').catch(() => {});
    const deadline = setTimeout(() => this.#child && killGroup(this.#child.pid), 10_000);
    await this.#ended();
    clearTimeout(deadline);
  }

  async remove() {
    await (this.#child ? this.kill() : undefined);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
