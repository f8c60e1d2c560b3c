// Opens the store: where the server is, which store, and what a first start shows.
import { CoreError, createCore, type Core, type CoreOptions, type Encryption, type RootState } from 'codeforge-core';
import { owning } from './project-items';
import { sections } from './sections';
import { showToast, toasts } from './toasts';

/** So many changes go out without waiting for a pause in the edits. */
const kMaxQueueSize = 50;

export interface Boot {
  readonly core: Core;
  /** The page's server named the API, so the address is not the user's to change. */
  readonly isAddressFixed: boolean;
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\/./.test(value);

/** What the page was served with; a static host without the file answers with 404 or its index page. */
async function servedAddress(): Promise<string | null> {
  try {
    const response = await fetch('/runtime-config.json', { cache: 'no-store' });
    const config: unknown = response.ok ? await response.json() : null;
    const address = (config as { flaskApiUrl?: unknown } | null)?.flaskApiUrl;
    if (isAddress(address)) return address;
  } catch {
    // Not JSON or no answer: the editor works without a server.
  }
  const built: unknown = import.meta.env.VITE_FLASK_API_URL;
  return isAddress(built) ? built : null;
}

const isEmpty = (state: RootState): boolean =>
  state.project.projects.length === 0 && sections.every((section) => section.items(state).length === 0);

async function importExample(core: Core): Promise<void> {
  const response = await fetch('/example-project.json');
  if (!response.ok) throw new Error(`example-project.json: the server answered ${response.status}`);
  const text = await response.text();
  const own = owning(core);
  core.transaction(() => {
    core.importProject(text);
    own();
  });
}

export interface BootPages {
  /** Another tab has the store; it opens here when that one goes away. */
  onWait(): void;
  /** The store is encrypted; `wrong-key` after a passphrase that did not open it. */
  askPassphrase(code: 'sealed' | 'wrong-key', attempt: number): Promise<string>;
}

/** Asks for what is missing, and tries again. */
async function openCore(options: CoreOptions, pages: BootPages): Promise<Core> {
  let encryption: Encryption | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      return await createCore({ ...options, encryption });
    } catch (error) {
      const code = error instanceof CoreError ? error.code : '';
      if (code === 'sealed' || code === 'wrong-key') encryption = { passphrase: await pages.askPassphrase(code, attempt) };
      else if (code === 'in-use') pages.onWait();
      else throw error;
    }
  }
}

const storeName = (): string => new URLSearchParams(location.search).get('store') ?? 'codeforge-editor';

/**
 * Has the store sealed, or made plain again, and opens the page anew: it asks for the passphrase then, also after one that
 * did not open the store, in which nothing was changed.
 */
export async function encryptStore(core: Core, encryption: Encryption): Promise<void> {
  const { others } = core.status().tabs;
  // One of them would go on with the store as it is.
  if (others > 0) throw new Error(others === 1 ? 'Close the other tab of this workspace first.' : `Close the ${others} other tabs of this workspace first.`);
  await core.close();
  try {
    await (await createCore({ name: storeName(), encryption })).close();
  } finally {
    location.reload();
  }
}

/** Address and automatic pushes follow the settings, also when a second device or an import changes them. */
function followSettings(core: Core, served: string | null): void {
  let last: RootState['settings']['settings'] | undefined;
  const apply = (): void => {
    const { settings } = core.getState().settings;
    if (settings === last) return;
    if (served === null && settings.flaskApiUrl !== last?.flaskApiUrl && isAddress(settings.flaskApiUrl))
      core.sync.configure({ flaskApiUrl: settings.flaskApiUrl });
    if (settings.autoSync !== last?.autoSync) core.sync.configure({ autoSync: { enabled: settings.autoSync } });
    last = settings;
  };
  core.subscribe(apply);
  apply();
}

export async function boot(pages: BootPages): Promise<Boot> {
  const parameters = new URLSearchParams(location.search);
  const served = await servedAddress();
  const core = await openCore({
    name: storeName(),
    flaskApiUrl: served,
    autoSync: { enabled: false, syncOnChange: true, maxQueueSize: kMaxQueueSize },
    onError: toasts.showCoreError,
  }, pages);
  // Only a store that never held anything: who deleted everything does not want the example back.
  if (parameters.get('example') !== 'none' && core.status().seq === 0 && isEmpty(core.getState())) {
    await importExample(core).catch((error: unknown) =>
      showToast({ tone: 'bad', text: 'The example project could not be loaded', detail: String(error) }));
  }
  followSettings(core, served);
  void core.sync.check().catch(() => {});
  return { core, isAddressFixed: served !== null };
}
