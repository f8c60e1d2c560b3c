// Chromium as its user has it: a process with a profile folder, which can be closed, killed, and opened again.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { until } from './until.mjs';

const kProgram = process.env.CHROMIUM || '/usr/bin/chromium';
const kFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-crash-reporter', '--disable-dev-shm-usage', '--remote-debugging-port=0',
];

/** Whether a process of the group is there. */
function isAlive(group) {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

export class Profile {
  #folder = mkdtempSync(join(tmpdir(), 'codeforge-profile-'));
  #child;
  #browser;

  /** Where the browser keeps the profile. */
  get folder() {
    return this.#folder;
  }

  /** Starts the browser on this profile and resolves with a page of `size`. */
  async open({ width = 1280, height = 800 } = {}) {
    const portFile = join(this.#folder, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    // A process group of its own, so that a kill reaches renderers and all.
    this.#child = spawn(kProgram, [...kFlags, `--user-data-dir=${this.#folder}`, `--window-size=${width},${height}`, 'about:blank'], { detached: true, stdio: 'ignore' });
    const port = await until('Chromium listens', () => {
      if (this.#child.exitCode !== null) throw new Error(`${kProgram} ended with ${this.#child.exitCode}`);
      return readFileSync(portFile, 'utf8').split('\n')[0];
    });
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
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
    process.kill(what === 'browser' ? group : -group, 'SIGKILL');
    await this.#ended();
    // Orphans end by themselves; one that hangs would keep the profile's files open.
    await until('the browser is gone', () => !isAlive(group), 5_000).catch(() => process.kill(-group, 'SIGKILL'));
  }

  /** SIGKILL to every renderer; the browser lives on. Resolves with a page of its own. */
  async killRenderers() {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
    // The browser may hand out a renderer that it does not know to be dead.
    const page = await until('a page opens', () => this.#browser.contexts()[0].newPage());
    page.setDefaultTimeout(20_000);
    return page;
  }

  /** As a user quits it. */
  async close() {
    if (!this.#child) return;
    const session = await this.#browser.newBrowserCDPSession();
    session.send('Browser.close').catch(() => {});
    const deadline = setTimeout(() => this.#child && process.kill(-this.#child.pid, 'SIGKILL'), 10_000);
    await this.#ended();
    clearTimeout(deadline);
  }

  async remove() {
    await (this.#child ? this.kill() : undefined);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
