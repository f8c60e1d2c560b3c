// createCore(): checks the options, and opens the store.
import { Client } from './client.js';
import { CoreError } from './errors.js';
import { sliceConfigs, type SliceDefinitions, type WithSlices } from './custom-slices.js';
import { sliceTable, type RootState } from './generated/slices.js';
import type { ItemRules } from './item-rules.js';
import { randomId, sessionId } from './session.js';
import { Tabs } from './tabs/tabs.js';
import type { Core, CoreOptions } from './types.js';
import type { ClientOptions } from './vault/client-options.js';

const kMaxName = 128;

function malformed(message: string): never {
  throw new CoreError('malformed-payload', `createCore: ${message}`);
}

function checkOptions(options: CoreOptions): void {
  if (typeof options !== 'object' || options === null) malformed('expects an object of options, at least { name }');
  const { name, storage, flaskApiUrl } = options;
  if (typeof name !== 'string' || name === '' || name.length > kMaxName || /[\0/]/.test(name))
    malformed(`name must be a string of 1 to ${kMaxName} characters without "/"`);
  if (storage !== undefined && storage !== 'indexeddb' && storage !== 'memory')
    malformed(`storage is ${JSON.stringify(storage)}; it must be "indexeddb" or "memory"`);
  if (options.onReject !== undefined && options.onReject !== 'rollback' && options.onReject !== 'keep')
    malformed(`onReject is ${JSON.stringify(options.onReject)}; it must be "rollback" or "keep"`);
  for (const [member, value] of Object.entries({ user: options.user, session: options.session }))
    if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > kMaxName))
      malformed(`${member} must be a string of 1 to ${kMaxName} characters`);
  if (flaskApiUrl !== undefined && flaskApiUrl !== null && !/^https?:\/\/./.test(String(flaskApiUrl)))
    malformed(`flaskApiUrl is ${JSON.stringify(flaskApiUrl)}; it must be an http or https address, or null`);
  if (storage !== 'memory' && options.strictStorage && typeof globalThis.indexedDB === 'undefined')
    throw new CoreError('unavailable',
      'createCore: storage "indexeddb" needs IndexedDB, which is not here. In Node import "fake-indexeddb/auto" first, or ask for storage: "memory".');
}

/** Whoever has neither schemas nor migrations does not load what they need. */
async function itemRules({ slices = {}, schema }: CoreOptions): Promise<ItemRules | undefined> {
  if (schema === undefined && !Object.values(slices).some((definition) => definition.schema !== undefined)) return undefined;
  const { ItemRules } = await import('./item-rules.js');
  return new ItemRules(slices, schema);
}

/** What a store is sealed with, if it is, and the options that make the core use it. */
async function sealed(options: CoreOptions): Promise<ClientOptions> {
  const { name, encryption, onError = console.error, onInstance } = options;
  if (!encryption || options.storage === 'memory') return options;
  const { makeVault } = await import('./vault/make-vault.js');
  const vault = makeVault(name, encryption, onError);
  return {
    ...options, vault,
    onInstance: (module) => {
      onInstance?.(module);
      module.coreFiles = vault.hooks(module.coreFiles);
    },
  };
}

/**
 * Opens a store. Resolves when it has been recovered from the device (or at once with
 * `waitForReady: false`). Rejects with CoreError when the options are wrong or the storage cannot be opened.
 * Any number of tabs may have the same store open; `status().tabs` says which of them writes.
 *
 * In Node: `import 'fake-indexeddb/auto'` for storage "indexeddb", and set
 * `globalThis.XMLHttpRequest` (package xhr2) for sync.
 *
 * @example
 * const core = await createCore({ name: 'shop', storage: 'memory' });
 * core.dispatch(files.addFile({ id: 'f1', name: 'App.tsx', content: '', language: 'typescript', path: '/src', updatedAt: Date.now() }));
 * core.read('files', 'f1').name; // 'App.tsx'
 * await core.close();
 */
export async function createCore<const Slices extends SliceDefinitions = Record<never, never>>(
  options: CoreOptions & { slices?: Slices },
): Promise<WithSlices<Slices, RootState> & Core> {
  checkOptions(options);
  const { name, storage = 'indexeddb', flaskApiUrl = null, autoSync, onReject = 'rollback', user = 'local', session = await sessionId() } = options;
  const slices = sliceConfigs(options.slices ?? {});
  const rules = await itemRules(options);
  const clientOptions = await sealed(options);
  const schemaVersion = options.schema?.version ?? 1;
  const tabs = storage !== 'memory' && Tabs.isPossible ? new Tabs(name, [sliceTable, slices, schemaVersion]) : undefined;
  const client = new Client(clientOptions, { name, storage, flaskApiUrl, seed: randomId(16) /* the core has no source of randomness */, onReject, user, session, autoSync: { ...autoSync }, slices, schema: { version: schemaVersion, slices: rules?.migrator.slices ?? [] } }, () => {
    clientOptions.vault?.stop();
    tabs?.close();
  }, rules, tabs);
  if (options.waitForReady !== false) await client.ready;
  return client as unknown as WithSlices<Slices, RootState> & Core;
}
