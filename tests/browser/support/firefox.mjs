// Firefox as its user has it: a process with a profile folder, which can be closed, killed, and opened again. Driven by
// WebDriver BiDi. The same interface as chromium.mjs.
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firefox } from 'playwright-core';
import { groupMembers, killGroup, untilGroupGone } from './process-group.mjs';
import { until } from './until.mjs';

const kProgram = process.env.FIREFOX || '/usr/bin/firefox-esr';
const kPreferences = {
  // Nothing is fetched behind a test's back.
  'app.normandy.enabled': false, 'messaging-system.rsexperimentloader.enabled': false, 'nimbus.rollouts.enabled': false, 'extensions.systemAddon.update.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
  // After any number of crashes it starts as it always does.
  'toolkit.startup.max_resumed_crashes': -1, 'browser.tabs.crashReporting.sendReport': false,
};

/** The driver tells Firefox to end when a page's process dies; a user's does not. */
const kStarter = '#!/bin/sh\nunset MOZ_CRASHREPORTER_SHUTDOWN\nexec "$FIREFOX" "$@"\n';

/** A page that is well answers within this time on any machine. */
const kAnswerMs = 10_000;

export class Profile {
  #folder = mkdtempSync(join(tmpdir(), 'codeforge-firefox-'));
  #context;
  #group;

  /** Where the standby copy is kept by default. */
  static standby = 'opfs';

  /** Where the browser keeps the profile. */
  get folder() {
    return this.#folder;
  }

  /** Folders of kind `idb` (IndexedDB) or `fs` (private file system) of every site. */
  #siteFolders(kind) {
    const sites = join(this.#folder, 'storage/default');
    return readdirSync(sites).map((site) => join(sites, site, kind));
  }

  /** Removes the primary databases of a stopped browser. */
  removeDatabases() {
    for (const folder of this.#siteFolders('idb')) rmSync(folder, { recursive: true });
  }

  /** Removes the standby copies of a stopped browser. */
  removeStandby() {
    for (const folder of this.#siteFolders('fs')) rmSync(folder, { recursive: true });
  }

  /** Files of the site's primary database whose name ends with `ending`. */
  databaseFiles(ending) {
    return this.#siteFolders('idb').flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => join(folder, name)));
  }

  /** Starts the browser on this profile and resolves with a page of `size`. */
  async open({ width = 1280, height = 800, preferences = {} } = {}) {
    const starter = join(this.#folder, 'start.sh');
    writeFileSync(starter, kStarter, { mode: 0o700 });
    // The channel is the driver's name for a Firefox that is not its own build.
    this.#context = await firefox.launchPersistentContext(this.#folder, {
      channel: 'moz-firefox', executablePath: starter, headless: true, viewport: { width, height },
      firefoxUserPrefs: { ...kPreferences, ...preferences }, env: { ...process.env, FIREFOX: kProgram, HOME: this.#folder },
    });
    // The link names the process that has the profile: "<address>:+<process id>". It leads a group of its own.
    this.#group = Number(/\+(\d+)$/.exec(readlinkSync(join(this.#folder, 'lock')))[1]);
    return this.#page();
  }

  async #page() {
    const page = await this.#context.newPage();
    page.setDefaultTimeout(20_000);
    return page;
  }

  async #ended() {
    const [group, context] = [this.#group, this.#context];
    this.#group = this.#context = undefined;
    await context.close().catch(() => {});
    await untilGroupGone(group);
  }

  /** SIGKILL to every process of the browser, or to its first one only: nothing of it gets to say goodbye. */
  async kill(what = 'everything') {
    if (this.#group === undefined) return;
    killGroup(this.#group, what === 'browser');
    await this.#ended();
  }

  /** SIGKILL to every process that has pages; the browser lives on. Resolves with a page of its own. */
  async killRenderers() {
    await this.crash();
    return this.newPage();
  }

  /** A page of its own, also right behind a crash: the browser may hand out a process that it does not know to be dead; such a page never answers. */
  async newPage() {
    return until('a page opens', async () => {
      const page = await this.#page();
      const answer = await Promise.race([page.evaluate(() => 'alive'), sleep(kAnswerMs)]);
      return answer === 'alive' && page;
    });
  }

  /** Lets the processes of all pages die at once; the protocol cannot name the one of a page. */
  async crash() {
    for (const id of groupMembers(this.#group, '-isForBrowser')) process.kill(id, 'SIGKILL');
  }

  /** As a user quits it. */
  async close() {
    if (this.#context) await this.#ended();
  }

  async remove() {
    await (this.#group === undefined ? undefined : this.kill());
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
