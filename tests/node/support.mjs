// What the tests of the built module share. Importing this file gives Node an IndexedDB and an XMLHttpRequest.
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import xhr2 from 'xhr2';
import { createCore } from 'codeforge-core';
import { venvPython } from '../../.ci/lib/python.mjs';

globalThis.XMLHttpRequest ??= xhr2.XMLHttpRequest ?? xhr2;

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

let stores = 0;
export const freshName = () => `test-${process.pid}-${++stores}`;

/** Opens a core that is closed when the test ends. Its errors are collected in `core.errors`, its instances in `core.instances`. */
export async function openCore(t, options = {}) {
  const errors = [];
  const instances = [];
  const core = await createCore({
    name: freshName(), storage: 'memory', onError: (error) => errors.push(error), onInstance: (module) => instances.push(module), ...options,
  });
  t.after(() => core.close().catch(() => {}));
  return Object.assign(core, { errors, instances });
}

/** Waits until `condition` answers something truthy; the bound is for broken code, not for slow machines. */
export async function until(condition, what = String(condition), boundMs = 30_000) {
  for (const end = Date.now() + boundMs; Date.now() < end; await sleep(10)) {
    const value = await condition();
    if (value) return value;
  }
  assert.fail(`in ${boundMs} ms this did not come true: ${what}`);
}

/** A small generator of pseudo-random numbers (mulberry32): the same seed, the same test. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (limit) => Math.floor(next() * limit), pick: (list) => list[Math.floor(next() * list.length)] };
}

export const file = (id, more = {}) => ({
  id, name: `${id}.ts`, content: `export const id = ${JSON.stringify(id)};\n`, language: 'typescript', path: `/src/${id}.ts`, updatedAt: 1_700_000_000_000, ...more,
});

export const tree = (id, more = {}) => ({
  id, name: 'Page', updatedAt: 1,
  root: { id: 'root', type: 'div', props: { className: 'page' }, children: [
    { id: 'left', type: 'section', children: [{ id: 'title', type: 'h1', props: { text: 'Hello' } }] },
    { id: 'right', type: 'section', children: [] },
  ] },
  ...more,
});

/** JSON files beside the project that tests use when they are there. */
export function sharedFiles(folder) {
  const path = join(projectRoot, '../shared/data', folder);
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')).map((name) => join(path, name)) : [];
}

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Ends a child and waits for it. */
async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Requests as {method, path} (path as sent), newest last, of which `count(method)` counts the writes to items. */
function requestLog() {
  const requests = [];
  return { requests, count: (method) => requests.filter((request) => request.method === method && request.path.startsWith('/api/storage/')).length };
}

/** The real Flask API on a free port. `stop()` and `start()` keep port and database. */
export async function flaskServer(t) {
  const folder = mkdtempSync(join(tmpdir(), 'codeforge-node-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = requestLog();
  let child;
  const start = async () => {
    child = spawn(venvPython(), ['-m', 'codeforge_server'], {
      cwd: join(projectRoot, 'server'),
      env: { ...process.env, PORT: String(port), DATABASE_PATH: join(folder, 'store.db'), DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      text += `${line}\n`;
      const request = /"(GET|PUT|POST|DELETE) (\S+) HTTP/.exec(line.replace(/\u001b\[[\d;]*m/g, ''));
      if (request) log.requests.push({ method: request[1], path: request[2] });
    });
    await until(async () => {
      assert.equal(child.exitCode, null, `the server ended: ${text}`);
      return fetch(`${url}/health`).then((answer) => answer.ok, () => false);
    }, 'the Flask server answers');
  };
  await start();
  t.after(async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  });
  return { url, database: join(folder, 'store.db'), ...log, start, stop: () => end(child) };
}

/** The minimal nine-endpoint server, which forgets everything when stopped. */
export async function plainServer(t) {
  const log = requestLog();
  const child = spawn('python3', [join(projectRoot, 'tests/plain-server/plain_server.py'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => end(child));
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the plain server ended')));
    lines.on('line', (line) => {
      if (line.startsWith('listening ')) resolve(line.slice('listening '.length));
      else log.requests.push(JSON.parse(line));
    });
  });
  return { url: `http://127.0.0.1:${port}`, ...log, stop: () => end(child) };
}

/** What a server holds, as its export tells. */
export const exported = (server) => fetch(`${server.url}/api/storage/export`).then((answer) => answer.json());
