// A page with nothing but the core: the built module, served as it is, under an import map.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const kDist = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const kTypes = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const kPage = `<!doctype html><title>core</title><p id="state">opening</p>
<script type="importmap">{"imports": {"codeforge-core": "/dist/index.js", "codeforge-core/workflow-sync": "/dist/workflow-sync.js", "#wasm-glue": "/dist/wasm/core.web.mjs"}}</script>
<script type="module">
import * as module from 'codeforge-core';
window.module = module;
const options = JSON.parse(new URLSearchParams(location.search).get('options') ?? '{}');
window.incidents = [];
window.errors = [];
module.createCore({ name: 'test', ...options, onIncident: (incident) => window.incidents.push(incident), onError: (error) => window.errors.push(error.message) })
  .then((core) => { window.core = core; }, (error) => { window.failure = { code: error.code, message: error.message }; })
  .finally(() => { document.getElementById('state').textContent = 'settled'; });
</script>`;

/** @returns {Promise<{url: string, close: () => Promise<void>}>} */
export async function serveCore() {
  if (!existsSync(join(kDist, 'index.js'))) throw new Error('web/dist is missing; build it with `npm run build`');
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    if (path === '/away') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p id="state">settled</p>');
    if (!path.startsWith('/dist/')) return void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(kPage);
    const file = join(kDist, path.slice('/dist/'.length));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** Begins to open the page. */
export const startCorePage = (page, url, options = {}) => page.goto(`${url}?options=${encodeURIComponent(JSON.stringify(options))}`, { waitUntil: 'commit' });

/** Opens the page; resolves when the core is open, or has failed to. */
export async function openCorePage(page, url, options = {}) {
  await startCorePage(page, url, options);
  await page.getByText('settled').waitFor();
  return page;
}

/** Opens the page; fails with the core's own error when it could not be opened. */
export async function openCore(page, url, options) {
  await openCorePage(page, url, options);
  const failure = await page.evaluate(() => window.failure ?? null);
  if (failure !== null) throw new Error(`the core could not be opened: ${failure.code}: ${failure.message}`);
  return page;
}

/** status() as plain values. */
export const statusOf = (page) => page.evaluate(() => JSON.parse(JSON.stringify(window.core.status())));

/** Adds or replaces files `ids` with `content` and waits until they are as safe as asked. */
export const putFiles = (page, ids, content, strict = false) => page.evaluate(async ([names, text, isStrict]) => {
  for (const id of names) window.core.dispatch(window.module.files.addFile({ id, name: id, content: text, language: 'text', path: `/${id}`, updatedAt: 1 }));
  await window.core.flush({ strict: isStrict });
}, [ids, content, strict]);

/** Contents of the files by id. */
export const filesOf = (page) => page.evaluate(() => Object.fromEntries(window.core.getState().files.files.map(({ id, content }) => [id, content])));
