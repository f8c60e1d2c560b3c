// codeforge-core/workflow-sync: every workflow's newest state goes to POST /api/workflows/sync. The workflows
// themselves are durable in the core, so what is not acknowledged when a page dies is sent by the next one.
import { CoreError } from './errors.js';
import type { Workflow } from './generated/slices.js';
import type { Core } from './types.js';

/** What the editor of a workflow shows of it, and what is sent. */
export interface WorkflowState {
  blocks: Readonly<Record<string, unknown>>;
  edges: readonly unknown[];
  loops: Readonly<Record<string, unknown>>;
  /** Unix time in milliseconds. */
  lastSaved: number;
}

export interface WorkflowSyncOptions {
  /** The server's address when a request is made; null (default): the page's own origin. */
  url?: () => string | null;
  /** Default `/api/workflows/sync`. */
  path?: string;
  /** Who owns the workflows. Default `local`. The server must not trust it beyond that. */
  userId?: string;
  /** From the last edit of a workflow to its request, in milliseconds. Default 2000. */
  debounceMs?: number;
  /** What is sent of a workflow; it must be plain JSON. */
  stateOf?: (workflow: Workflow) => object;
  /** Told of every refusal and failure. */
  onError?: (error: CoreError, workflowId: string) => void;
  /** Where the hashes of acknowledged states outlive the page. Default localStorage where there is one. */
  memory?: Pick<Storage, 'getItem' | 'setItem'> | null;
}

export interface WorkflowSyncStatus {
  /** `refused`: the server said no to this very state; it is sent again when it changes. */
  state: 'acknowledged' | 'pending' | 'sending' | 'waiting' | 'refused';
  /** Unix time in milliseconds of the last acknowledgement in this page. */
  lastSyncedAt: number | null;
  error: CoreError | null;
}

export const defaultDebounceMs = 2000;
export const defaultIntervalMs = 30_000;
/** A browser lets so many bytes of requests outlive a page, all together. A little is left for others. */
export const maxKeepaliveBytes = 60 * 1024;

const kTimeoutMs = 30_000;
const kFirstRetryMs = 1000;
const kLastRetryMs = 30_000;

interface Track {
  seen: Workflow | undefined;
  refused: string | undefined;
  sending: Promise<void> | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  failures: number;
  lastSyncedAt: number | null;
  error: CoreError | null;
}

/** FNV-1a over UTF-16 units, twice with different starts: enough to tell two states of one workflow apart. */
function hashOf(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit ^ (low >>> 15), 0x01000193);
  }
  return (low >>> 0).toString(16).padStart(8, '0') + (high >>> 0).toString(16).padStart(8, '0');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const views = new WeakMap<Workflow, WorkflowState>();

/**
 * A workflow as blocks, edges and loops. One that has no `blocks` of its own shows its nodes by their ids. The same
 * object for the same workflow.
 *
 * @example
 * const flow = { id: 'w', name: 'Flow', nodes: [{ id: 'start', type: 'trigger', position: { x: 0, y: 0 } }], edges: [], updatedAt: 1 };
 * workflowState(flow).blocks.start.type; // 'trigger'
 */
export function workflowState(workflow: Workflow): WorkflowState {
  let view = views.get(workflow);
  if (view === undefined) {
    const { blocks, loops, lastSaved, nodes, edges, updatedAt } = workflow as Workflow & Partial<WorkflowState>;
    view = Object.freeze({
      blocks: isObject(blocks) ? blocks : Object.fromEntries((nodes ?? []).map((node) => [node.id, node])),
      edges: edges ?? [], loops: isObject(loops) ? loops : {}, lastSaved: typeof lastSaved === 'number' ? lastSaved : updatedAt,
    });
    views.set(workflow, view);
  }
  return view;
}

const defaultStateOf = (workflow: Workflow): object => {
  const { id: _id, nodes: _nodes, updatedAt: _updatedAt, ...more } = workflow;
  return { ...more, ...workflowState(workflow) };
};

function localMemory(): Pick<Storage, 'getItem' | 'setItem'> | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // a page without the right to it
  }
}

/**
 * One per core. Requests of one workflow never overlap; while one is on its way newer edits wait, and the newest goes
 * next. A state counts as sent when the server said so, not before.
 *
 * @example
 * const core = await createCore({ name: 'workflow-example', storage: 'memory' });
 * const sync = new WorkflowSync(core, { url: () => 'http://localhost:5001', userId: 'ada' });
 * const stops = [sync.watch(), sync.every(60_000), sync.onLeave()];
 * sync.pending().length; // 0
 * sync.leave(); // what onLeave() does when the page goes
 * for (const stop of stops) stop();
 * await core.close();
 */
export class WorkflowSync {
  readonly #core: Core;
  #options: WorkflowSyncOptions;
  readonly #tracks = new Map<string, Track>();
  #acknowledged: Record<string, string> = {};
  #acknowledgedBy: string | undefined;
  #watchers = 0;
  #stopWatching: () => void = () => {};

  constructor(core: Core, options: WorkflowSyncOptions = {}) {
    this.#core = core;
    this.#options = options;
  }

  /** What is absent stays as it is. In force with the next request. */
  configure(options: WorkflowSyncOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Sends each workflow `debounceMs` after its last edit, and at the start what was not acknowledged. Answers how to stop. */
  watch(): () => void {
    if (this.#watchers++ === 0) {
      const look = (): void => this.#look();
      const unsubscribe = this.#core.subscribe(look);
      void this.#core.ready.then(look, () => {});
      this.#stopWatching = () => {
        unsubscribe();
        for (const track of this.#tracks.values()) clearTimeout(track.timer);
      };
    }
    let isStopped = false;
    return () => {
      if (isStopped) return;
      isStopped = true;
      if (--this.#watchers === 0) this.#stopWatching();
    };
  }

  /** Sends every `intervalMs` what is not acknowledged. Answers how to stop. */
  every(intervalMs: number = defaultIntervalMs): () => void {
    const timer = setInterval(() => void this.flush(), intervalMs);
    return () => clearInterval(timer);
  }

  /**
   * When the page is hidden or left, what is not acknowledged goes in requests that outlive it, up to 60 KiB
   * together; the rest is sent by the next page. Answers how to stop.
   */
  onLeave(): () => void {
    if (typeof globalThis.addEventListener !== 'function') return () => {};
    const leave = (): void => this.leave();
    const hide = (): void => {
      if (document.visibilityState === 'hidden') this.leave();
    };
    globalThis.addEventListener('pagehide', leave);
    globalThis.document?.addEventListener('visibilitychange', hide);
    return () => {
      globalThis.removeEventListener('pagehide', leave);
      globalThis.document?.removeEventListener('visibilitychange', hide);
    };
  }

  /** Ids of the workflows whose newest state the server has not acknowledged. */
  pending(): string[] {
    return this.#workflows().filter((workflow) => this.#isPending(workflow)).map(({ id }) => id);
  }

  /** Where one workflow is; `acknowledged` for one that is not there. */
  status(workflowId: string): WorkflowSyncStatus {
    const workflow = this.#core.read('workflows', workflowId);
    const { sending, refused, failures, lastSyncedAt, error } = this.#track(workflowId);
    const pending = workflow !== undefined && this.#isPending(workflow);
    const state = sending ? 'sending' : !pending ? (refused && workflow && refused === this.#hash(workflow) ? 'refused' : 'acknowledged') : failures > 0 ? 'waiting' : 'pending';
    return { state, lastSyncedAt, error };
  }

  /** Sends now what is not acknowledged, one workflow or all. Resolves when it was tried; failures are in status(). */
  async flush(workflowId?: string): Promise<void> {
    await this.#core.ready;
    const ids = workflowId === undefined ? this.pending() : [workflowId];
    await Promise.all(ids.map((id) => this.#send(id)));
  }

  /** What onLeave() does, now. */
  leave(): void {
    let room = maxKeepaliveBytes;
    for (const workflow of this.#workflows()) {
      if (!this.#isPending(workflow)) continue;
      const hash = this.#hash(workflow);
      const body = this.#body(workflow);
      const bytes = new TextEncoder().encode(body).length;
      if (bytes > room) continue;
      room -= bytes;
      void this.#post(body, true).then((response) => response.ok && this.#acknowledge(workflow.id, hash), () => {});
    }
  }

  #look(): void {
    for (const workflow of this.#workflows()) {
      const track = this.#track(workflow.id);
      if (track.seen === workflow) continue;
      track.seen = workflow;
      if (this.#isPending(workflow)) this.#schedule(workflow.id, this.#options.debounceMs ?? defaultDebounceMs);
    }
  }

  #schedule(id: string, delayMs: number): void {
    const track = this.#track(id);
    clearTimeout(track.timer);
    track.timer = setTimeout(() => void this.#send(id), delayMs);
  }

  /** Serialised by workflow: who comes while one is on its way gets the one behind it. */
  async #send(id: string): Promise<void> {
    const track = this.#track(id);
    clearTimeout(track.timer);
    while (track.sending !== undefined) await track.sending;
    const workflow = this.#core.read('workflows', id);
    if (workflow === undefined || !this.#isPending(workflow)) return;
    track.sending = this.#attempt(workflow, track).finally(() => void (track.sending = undefined));
    await track.sending;
  }

  async #attempt(workflow: Workflow, track: Track): Promise<void> {
    const hash = this.#hash(workflow);
    try {
      const response = await this.#post(this.#body(workflow), false);
      if (response.ok) return this.#acknowledge(workflow.id, hash);
      // Refused for good, unless the server only asks for patience.
      const isFinal = response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429;
      if (isFinal) track.refused = hash;
      const said = await response.text().then((text) => (JSON.parse(text) as { error?: string }).error ?? '', () => '');
      const forbidden = response.status === 401 || response.status === 403;
      this.#failed(workflow.id, track, new CoreError(forbidden ? 'rejected' : 'server', `the server answered ${response.status}${said && `: ${said}`}`), !isFinal);
    } catch (error) {
      this.#failed(workflow.id, track, new CoreError('offline', 'the server cannot be reached', { cause: error }), true);
    }
  }

  #failed(id: string, track: Track, error: CoreError, again: boolean): void {
    track.error = error;
    this.#options.onError?.(error, id);
    if (!again || this.#watchers === 0) return;
    const delayMs = Math.min(kFirstRetryMs * 2 ** track.failures++, kLastRetryMs);
    this.#schedule(id, delayMs * (0.5 + Math.random() / 2));
  }

  #acknowledge(id: string, hash: string): void {
    const track = this.#track(id);
    Object.assign(track, { refused: undefined, failures: 0, error: null, lastSyncedAt: Date.now() });
    const known = this.#remembered();
    known[id] = hash;
    try {
      this.#memory()?.setItem(this.#memoryKey(), JSON.stringify(known));
    } catch {
      // A full memory costs one request more at the next start.
    }
    // An edit that came meanwhile goes next, after its own pause.
    const workflow = this.#core.read('workflows', id);
    if (this.#watchers > 0 && workflow !== undefined && this.#isPending(workflow)) this.#schedule(id, this.#options.debounceMs ?? defaultDebounceMs);
  }

  #post(body: string, keepalive: boolean): Promise<Response> {
    const base = this.#options.url?.() ?? '';
    return fetch(base.replace(/\/+$/, '') + (this.#options.path ?? '/api/workflows/sync'), {
      method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive, ...(keepalive ? {} : { signal: AbortSignal.timeout(kTimeoutMs) }),
    });
  }

  #body(workflow: Workflow): string {
    return JSON.stringify({ id: workflow.id, userId: this.#options.userId ?? 'local', state: this.#state(workflow) });
  }

  #state(workflow: Workflow): object {
    return (this.#options.stateOf ?? defaultStateOf)(workflow);
  }

  readonly #hashes = new WeakMap<Workflow, string>();

  #hash(workflow: Workflow): string {
    let hash = this.#hashes.get(workflow);
    if (hash === undefined) this.#hashes.set(workflow, (hash = hashOf(JSON.stringify(this.#state(workflow)))));
    return hash;
  }

  #isPending(workflow: Workflow): boolean {
    const hash = this.#hash(workflow);
    return hash !== this.#remembered()[workflow.id] && hash !== this.#track(workflow.id).refused;
  }

  #workflows(): readonly Workflow[] {
    return this.#core.getState().workflows.workflows;
  }

  #track(id: string): Track {
    let track = this.#tracks.get(id);
    if (track === undefined) {
      track = { seen: undefined, refused: undefined, sending: undefined, timer: undefined, failures: 0, lastSyncedAt: null, error: null };
      this.#tracks.set(id, track);
    }
    return track;
  }

  #memory(): Pick<Storage, 'getItem' | 'setItem'> | null {
    return this.#options.memory === undefined ? localMemory() : this.#options.memory;
  }

  #memoryKey(): string {
    return `codeforge-core:workflow-sync:${this.#options.userId ?? 'local'}:${this.#options.url?.() ?? ''}`;
  }

  /** Hashes by workflow of what this server acknowledged to this user, in this page or an earlier one. */
  #remembered(): Record<string, string> {
    const by = this.#memoryKey();
    if (this.#acknowledgedBy === by) return this.#acknowledged;
    this.#acknowledgedBy = by;
    this.#acknowledged = {};
    try {
      const read: unknown = JSON.parse(this.#memory()?.getItem(by) ?? '{}');
      if (isObject(read)) for (const [id, hash] of Object.entries(read)) if (typeof hash === 'string') this.#acknowledged[id] = hash;
    } catch {
      // Unreadable: everything is sent once more, which does no harm.
    }
    return this.#acknowledged;
  }
}

const known = new WeakMap<Core, WorkflowSync>();

/**
 * The workflow sync of a core, made once; configure() it before its first use.
 *
 * @example
 * workflowSyncOf(core).configure({ url: () => 'http://localhost:5001', userId: 'ada', debounceMs: 1000 });
 * core.dispatch(workflows.addWorkflow({ id: 'w', name: 'Flow', nodes: [], edges: [], updatedAt: 1 }));
 * workflowSyncOf(core).pending().join(); // 'w'
 * await workflowSyncOf(core).flush();
 * workflowSyncOf(core).status('w').state; // 'acknowledged'
 */
export function workflowSyncOf(core: Core): WorkflowSync {
  let sync = known.get(core);
  if (sync === undefined) known.set(core, (sync = new WorkflowSync(core)));
  return sync;
}
