// What a sealed store has in local storage: a copy of its header, and the last moment's edits, sealed.
import { localStorageHere } from '../durability/sentinel.js';
import { fromBase64, utf8, type Bytes } from './header.js';
import type { Sealer } from './sealer.js';

const headerKey = (name: string): string => `codeforge-core:${name}:seal`;

/** The header beside the last moment's edits, which need it as well. It is as public as the file. */
export function localHeader(name: string): Bytes | undefined {
  try {
    const text = localStorageHere()?.getItem(headerKey(name)) ?? null;
    return text === null ? undefined : utf8(text);
  } catch {
    return undefined;
  }
}

export function keepLocalHeader(name: string, bytes: Bytes): void {
  try {
    localStorageHere()?.setItem(headerKey(name), new TextDecoder().decode(bytes));
  } catch {
    // Full or forbidden: so are the edits that it would open.
  }
}

export function forgetLocalHeader(name: string): void {
  try {
    localStorageHere()?.removeItem(headerKey(name));
  } catch {
    // Forbidden: then it is not there.
  }
}

/** '' when the entry was not sealed by us. */
export async function openedText(sealer: Sealer, key: string, text: string): Promise<string> {
  try {
    return new TextDecoder().decode(await sealer.open(key, fromBase64(text)));
  } catch {
    return '';
  }
}

/** Runs over the entries under a prefix and replaces what `next` gives otherwise. */
export function eachLocal(prefix: string, next: (key: string, text: string) => string): void {
  const storage = localStorageHere();
  for (const key of Object.keys(storage ?? {})) {
    if (!key.startsWith(prefix)) continue;
    const text = storage!.getItem(key) ?? '';
    const other = next(key, text);
    if (other === text) continue;
    try {
      storage!.setItem(key, other);
    } catch {
      storage!.removeItem(key); // full: rather lost than readable
    }
  }
}
