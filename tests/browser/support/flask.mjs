// The real Flask server behind a proxy that counts what reaches it. Both can be stopped and started on the same port and database.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGunicorn, stopServer, untilHealthy } from '../../../.ci/lib/flask-server.mjs';
import { freePort } from '../../../.ci/lib/ports.mjs';
import { venvPython } from '../../../.ci/lib/python.mjs';

export class Flask {
  #folder = mkdtempSync(join(tmpdir(), 'codeforge-flask-'));
  #backendPort;
  #port = 0;
  #child;
  #proxy;
  /** Accepted writes in their order: `{method, key}`; an import counts once for each of its keys. */
  writes = [];
  /** Bodies of the accepted POSTs to /api/workflows/sync, in their order. */
  workflows = [];

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    this.#backendPort ??= await freePort(20_000 + Math.floor(Math.random() * 20_000));
    const env = { ...process.env, CODEFORGE_PYTHON: process.env.CODEFORGE_PYTHON || venvPython(), PORT: String(this.#backendPort), DATABASE_PATH: join(this.#folder, 'test.db') };
    this.#child = startGunicorn({ ...env, ALLOWED_ORIGINS: '*', GUNICORN_CMD_ARGS: '--log-level error' });
    await untilHealthy(this.#child, `http://127.0.0.1:${this.#backendPort}`);
    this.#proxy = createServer((incoming, answer) => this.#forward(incoming, answer));
    await new Promise((resolve) => this.#proxy.listen(this.#port, '127.0.0.1', resolve));
    this.#port = this.#proxy.address().port;
    return this;
  }

  #forward(incoming, answer) {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method, url, headers } = incoming;
      const outgoing = httpRequest({ port: this.#backendPort, host: '127.0.0.1', method, path: url, headers }, (response) => {
        if (response.statusCode === 200) this.#count(method, url, body);
        answer.writeHead(response.statusCode, response.headers);
        response.pipe(answer);
      });
      outgoing.on('error', () => answer.destroy());
      outgoing.end(body);
    });
  }

  #count(method, url, body) {
    const name = url.replace(/^\/api\/storage\//, '').replace(/\?.*$/, '');
    if (method === 'POST' && name === '/api/workflows/sync') this.workflows.push(JSON.parse(body));
    else if (method === 'POST' && name === 'import') for (const key of Object.keys(JSON.parse(body))) this.writes.push({ method: 'PUT', key });
    else if (method === 'PUT' || method === 'DELETE') this.writes.push({ method, key: decodeURIComponent(name) });
  }

  /** Everything that the server holds, by key. */
  async contents() {
    return (await fetch(`${this.url}/api/storage/export`)).json();
  }

  async clear() {
    await fetch(`${this.url}/api/storage/clear`, { method: 'POST' });
    this.writes = [];
  }

  async stop() {
    const proxy = this.#proxy;
    this.#proxy = undefined;
    if (proxy) {
      const closed = new Promise((resolve) => proxy.close(resolve));
      proxy.closeAllConnections();
      await closed;
    }
    if (this.#child) await stopServer(this.#child);
    this.#child = undefined;
  }

  async remove() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
