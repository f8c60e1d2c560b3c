// Runs the samples in real Chromium: a profile on disk for each, one visit, a reload, a restart of the browser.
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inProject } from '../../../.ci/lib/paths.mjs';
import { Profile } from '../../browser/support/chromium.mjs';
import { kBundling } from './bundling.mjs';

const kFolder = fileURLToPath(new URL('../', import.meta.url));
const kBuilt = join(kFolder, 'build/pages');
const kLimitMs = 120_000;
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const kPage = (script) => `<!doctype html><title>bench</title><link rel="icon" href="data:,"><script type="module" src="/${script}"></script>`;

/**
 * Serves `/?STORE` with the store's bundle, and core.wasm beside it. Scripts may be cached, as on a site whose file
 * names carry hashes; isolated pages have a clock of 5 µs.
 */
function serve() {
  const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://localhost');
    if (pathname === '/') return void response.writeHead(200, { ...headers, 'Content-Type': kTypes['.html'] }).end(kPage(`${search.slice(1)}.js`));
    const file = pathname === '/core.wasm' ? inProject('web/dist/wasm/core.wasm') : join(kBuilt, pathname.replace(/[^\w.-]/g, ''));
    if (!existsSync(file)) return void response.writeHead(404, headers).end();
    response.writeHead(200, { ...headers, 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=31536000, immutable' });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Bytes of everything below the profile that belongs to IndexedDB. */
function databaseBytes(profile) {
  return readdirSync(profile, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath ?? entry.path, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && path.includes('IndexedDB'))
    .reduce((total, { path }) => total + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

const within = (promise, what) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took longer than ${kLimitMs / 1000} s`)), kLimitMs); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

export class BrowserPart {
  #server;
  #bundled = new Set();
  #profile;
  /** Of Chromium, as it says itself. */
  version;

  static async open() {
    const part = new BrowserPart();
    part.#server = await serve();
    return part;
  }

  async #bundle(store) {
    if (this.#bundled.has(store)) return;
    await build({
      ...kBundling, entryPoints: [join(kFolder, 'browser/page.mjs')], outfile: join(kBuilt, `${store}.js`),
      alias: { 'bench-store': join(kFolder, `stores/durable/${store}.mjs`) },
    });
    this.#bundled.add(store);
  }

  async #visit(page, store, name) {
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
    await page.waitForFunction(() => globalThis.bench !== undefined, undefined, { timeout: kLimitMs });
    const figures = await within(page.evaluate((visit) => globalThis.bench[visit](), name), `${store}: ${name}`);
    if (faults.length > 0) throw new Error(`${store}: ${faults[0]}`);
    return figures;
  }

  /** The figures of one job, by workload. */
  async sample({ store }) {
    await this.#bundle(store);
    const profile = new Profile();
    this.#profile = profile;
    const url = `http://127.0.0.1:${this.#server.address().port}/?${store}`;
    const opened = async () => {
      const page = await profile.open();
      await page.goto(url);
      return page;
    };
    try {
      const page = await opened();
      this.version ??= /Chrome\/(\d+)/.exec(await page.evaluate(() => navigator.userAgent))?.[1];
      const first = await this.#visit(page, store, 'first');
      await page.reload();
      const { usable, all } = await this.#visit(page, store, 'next');
      await profile.close();
      const again = await this.#visit(await opened(), store, 'next');
      await profile.close();
      const disk = databaseBytes(profile.folder) / 1e6;
      return { figures: { ...first, W5usable: usable, W5all: all, W5coldUsable: again.usable, W5coldAll: again.all, disk } };
    } finally {
      await profile.remove();
      this.#profile = undefined;
    }
  }

  /** Ends the browser, too, where a sample is under way. */
  async close() {
    await this.#profile?.remove();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
