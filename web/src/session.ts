// The session: a tab of the browser, for as long as it is open. A reload keeps it, so that what was typed
// before can still be undone; a duplicated tab, which gets a copy of the session storage, becomes its own.
const kKey = 'codeforge-core:session';

function storageHere(): Storage | undefined {
  try {
    return typeof document === 'undefined' ? undefined : globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** So many random bytes, in hexadecimal. */
export const randomId = (bytes = 8): string => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether no other tab has it. Where there are no Web Locks it is taken for ours. */
async function isOurs(id: string): Promise<boolean> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks === undefined) return true;
  return new Promise((resolve) => {
    const hold = (lock: Lock | null): Promise<void> | void => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    };
    locks.request(`${kKey}:${id}`, { ifAvailable: true }, hold).catch(() => resolve(true));
  });
}

let present: Promise<string> | undefined;

async function claim(): Promise<string> {
  const storage = storageHere();
  let id = storage?.getItem(kKey) ?? randomId();
  if (!(await isOurs(id))) {
    id = randomId();
    await isOurs(id);
  }
  try {
    storage?.setItem(kKey, id);
  } catch {
    // Without it a reload is a new session.
  }
  return id;
}

/** The id of this page's session: the same for every core of the page. */
export const sessionId = (): Promise<string> => (present ??= claim());
