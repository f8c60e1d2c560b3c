// codeforge-core/flask: single requests to the Flask API, beside the sync engine, which finds what they did at its next look.
import { CoreError } from './errors.js';
import { sliceTable } from './generated/slices.js';

export interface FlaskStatsAnswer {
  total_keys: number;
  total_size_bytes: number;
  database_path: string;
}

/**
 * Requests with a time-out of 10 s (60 s for everything at once). They reject with CoreError: `offline`, `timeout`,
 * `rejected` (401, 403), `server` (any other refusal, or an answer that is not the JSON that was asked for), `no-server` without an address.
 */
export interface FlaskClient {
  /** Stores one value under `<store>:<key>`, or deletes it; deleting what is not there succeeds. */
  syncToFlask(store: string, key: string, value: unknown, operation?: 'put' | 'delete'): Promise<void>;
  /** null when absent. */
  fetchFromFlask(store: string, key: string): Promise<unknown>;
  /** Stores many, all or none; the names are `<store>:<key>`. */
  syncAllToFlask(values: Readonly<Record<string, unknown>>): Promise<void>;
  /** Everything that the server has, by `<store>:<key>`. */
  fetchAllFromFlask(): Promise<Record<string, unknown>>;
  /** How much the server has: keys and bytes. */
  getFlaskStats(): Promise<FlaskStatsAnswer>;
  /** Deletes everything on the server. */
  clearFlaskStorage(): Promise<void>;
  /** Whether /health answers. */
  isHealthy(): Promise<boolean>;
  /** One value under a bare key, as the key-value storage has it; undefined when absent. */
  getValue(key: string): Promise<unknown>;
  /** Inserts or replaces; undefined is stored as null. */
  putValue(key: string, value: unknown): Promise<void>;
  /** Without effect where there is no such key. */
  deleteValue(key: string): Promise<void>;
  /** All keys, those of synced items (`files:a`) too. */
  keys(): Promise<string[]>;
}

const kTimeoutMs = 10_000;
const kBulkTimeoutMs = 60_000;
const kHealthTimeoutMs = 3_000;

type Plain = Record<string, unknown>;

/** A slash in a path is decoded before a plain server routes it; the engine writes it the same way. */
const wire = (key: string): string => key.replace(/[~/]/g, (char) => (char === '/' ? '~2F' : '~7E'));
const unwire = (key: string): string => key.replace(/~2F|~7E/g, (code) => (code === '~2F' ? '/' : '~'));
const prefixes = new Set(Object.values(sliceTable).map((slice) => slice.wire));
/** Keys of slices only: a bare key is the server's as it is. */
const withWireId = (name: string, change: (id: string) => string): string => {
  const colon = name.indexOf(':');
  return prefixes.has(name.slice(0, Math.max(0, colon))) ? name.slice(0, colon + 1) + change(name.slice(colon + 1)) : name;
};

const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

function failure(error: unknown): CoreError {
  const isTimeout = error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return isTimeout ? new CoreError('timeout', 'the server did not answer in time', { cause: error })
    : new CoreError('offline', 'the server cannot be reached', { cause: error });
}

/**
 * Single requests. `url`: the server's address when a request is made; null: there is none, and every request rejects with `no-server`.
 *
 * @example
 * const flask = createFlaskClient(() => 'http://localhost:5001');
 * await flask.isHealthy(); // true
 * await flask.syncToFlask('files', 'a', { id: 'a', name: 'a.ts' });
 * (await flask.fetchFromFlask('files', 'a')).name; // 'a.ts'
 * await flask.syncToFlask('files', 'a', null, 'delete');
 * await flask.syncAllToFlask({ 'files:b': { id: 'b' }, 'models:m': { id: 'm' } });
 * Object.keys(await flask.fetchAllFromFlask()).length; // 2
 * await flask.putValue('theme', 'dark');
 * await flask.getValue('theme'); // 'dark'
 * (await flask.keys()).length; // 3
 * await flask.deleteValue('theme');
 * (await flask.getFlaskStats()).total_keys; // 2
 * await flask.clearFlaskStorage();
 */
export function createFlaskClient(url: () => string | null): FlaskClient {
  async function send(method: string, path: string, body?: unknown, timeoutMs = kTimeoutMs): Promise<Response> {
    const base = url();
    if (base === null || base === '') throw new CoreError('no-server', 'no server address is configured');
    const init: RequestInit = { method, signal: AbortSignal.timeout(timeoutMs) };
    if (body !== undefined) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    try {
      return await fetch(base.replace(/\/+$/, '') + path, init);
    } catch (error) {
      throw failure(error);
    }
  }
  async function object(response: Response): Promise<Plain> {
    let value: unknown;
    try {
      value = await response.json();
    } catch (error) {
      // A page of a proxy, or an answer that was cut off: never "not found".
      throw error instanceof SyntaxError ? new CoreError('server', `the server answered ${response.status} with something that is not JSON`) : failure(error);
    }
    if (!isObject(value)) throw new CoreError('server', `the server answered ${response.status} with something that is not an object`);
    return value;
  }
  async function request(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<Plain> {
    const response = await send(method, path, body, timeoutMs);
    if (response.ok) return object(response);
    const said = await object(response).then(({ error }) => (typeof error === 'string' ? `: ${error}` : ''), () => '');
    throw new CoreError(response.status === 401 || response.status === 403 ? 'rejected' : 'server', `the server answered ${response.status}${said}`,
      { cause: { status: response.status } });
  }
  const address = (key: string): string => `/api/storage/${encodeURIComponent(key)}`;
  /** A 404 of the API itself; a proxy's page is no answer about the key. */
  async function unlessAbsent<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await run();
    } catch (error) {
      const status = error instanceof CoreError ? (error.cause as { status?: number } | undefined)?.status : undefined;
      if (status === 404 && /: Key not found$/.test((error as CoreError).message)) return undefined;
      throw error;
    }
  }
  const client: FlaskClient = {
    async syncToFlask(store, key, value, operation = 'put') {
      const name = `${store}:${wire(key)}`;
      if (operation === 'delete') return client.deleteValue(name);
      return client.putValue(name, value);
    },
    async fetchFromFlask(store, key) {
      return (await client.getValue(`${store}:${wire(key)}`)) ?? null;
    },
    async syncAllToFlask(values) {
      const body = Object.fromEntries(Object.entries(values).map(([name, value]) => [withWireId(name, wire), value]));
      await request('POST', '/api/storage/import', body, kBulkTimeoutMs);
    },
    async fetchAllFromFlask() {
      const all = await request('GET', '/api/storage/export', undefined, kBulkTimeoutMs);
      return Object.fromEntries(Object.entries(all).map(([name, value]) => [withWireId(name, unwire), value]));
    },
    async getFlaskStats() {
      const { total_keys = 0, total_size_bytes = 0, database_path = '' } = await request('GET', '/api/storage/stats');
      return { total_keys: Number(total_keys), total_size_bytes: Number(total_size_bytes), database_path: String(database_path) };
    },
    async clearFlaskStorage() {
      await request('POST', '/api/storage/clear', undefined, kBulkTimeoutMs);
    },
    async isHealthy() {
      return send('GET', '/health', undefined, kHealthTimeoutMs).then((response) => response.ok, () => false);
    },
    async getValue(key) {
      const answer = await unlessAbsent(() => request('GET', address(key)));
      if (answer === undefined) return undefined;
      if (!('value' in answer)) throw new CoreError('server', `the server sent no value for key ${JSON.stringify(key)}`);
      return answer['value'];
    },
    async putValue(key, value) {
      await request('PUT', address(key), { value: value === undefined ? null : value });
    },
    async deleteValue(key) {
      await unlessAbsent(() => request('DELETE', address(key)));
    },
    async keys() {
      const { keys } = await request('GET', '/api/storage/keys');
      if (!Array.isArray(keys)) throw new CoreError('server', 'the server sent no list of keys');
      return keys.filter((key): key is string => typeof key === 'string');
    },
  };
  return client;
}
