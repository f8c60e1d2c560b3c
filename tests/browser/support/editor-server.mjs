// Serves a built page: the editor with the runtime configuration that npm start gives it, or any other folder.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const kBuilt = fileURLToPath(new URL('../../../web/editor/dist/', import.meta.url));
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.woff2': 'font/woff2', '.woff': 'font/woff' };

/**
 * @param {{flaskApiUrl?: string}} options without an address there is no runtime-config.json
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export function serveEditor({ flaskApiUrl } = {}) {
  if (!existsSync(join(kBuilt, 'index.html'))) throw new Error('web/editor/dist is missing; build it with `npx vite build web/editor`');
  return serveFolder(kBuilt, { flaskApiUrl });
}

/** Serves a folder with an index.html. */
export async function serveFolder(folder, { flaskApiUrl } = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    if (path === '/runtime-config.json' && flaskApiUrl) return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ flaskApiUrl }));
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
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
