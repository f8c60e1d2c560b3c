// For every error that a user can meet: what it means, what is safe, what to do, and the ways on that a button offers.
import { storageProblem, type CoreStatus } from 'codeforge-core';

export type WayOn = 'retry' | 'check' | 'export' | 'reload' | 'take-server' | 'start-empty';

export interface Advice {
  readonly title: string;
  readonly safe: string;
  readonly todo: string;
  readonly ways: readonly WayOn[];
}

const kSavedHere = 'Everything is saved on this device; nothing is lost.';

const kSync: Readonly<Record<string, Advice>> = {
  offline: { title: 'The server cannot be reached', safe: kSavedHere, todo: 'It is tried again by itself. Check the network and the address of the server.', ways: ['retry', 'check'] },
  timeout: { title: 'The server took too long', safe: kSavedHere, todo: 'It is tried again by itself.', ways: ['retry', 'check'] },
  server: { title: 'The server answered with an error', safe: kSavedHere, todo: 'It is tried again by itself. When it stays, the server’s log tells why.', ways: ['retry', 'check'] },
  rejected: { title: 'The server does not accept the exchange', safe: kSavedHere, todo: 'Check that you are signed in there and that the address is right, then try again.', ways: ['retry', 'check'] },
  'no-server': { title: 'No server is set', safe: 'Everything stays on this device.', todo: 'Set the address of the server to sync.', ways: [] },
};

const kStorageWays: Readonly<Record<string, readonly WayOn[]>> = {
  quota: ['export', 'retry'], 'connection-lost': ['export', 'retry'], aborted: ['export', 'retry'], stuck: ['export'], blocked: ['reload'], newer: ['reload'],
  unavailable: ['export'], unknown: ['export', 'retry'], wiped: ['take-server', 'start-empty'],
};

/**
 * What to tell about an error code of `status().sync.lastError`.
 *
 * @example
 * syncAdvice('offline').ways; // ['retry', 'check']
 */
export const syncAdvice = (code: string): Advice =>
  kSync[code] ?? { title: 'The exchange with the server failed', safe: kSavedHere, todo: 'It is tried again by itself.', ways: ['retry', 'check'] };

/**
 * What to tell about the storage of this device; null when nothing is wrong with it.
 *
 * @example
 * storageAdvice(core.status()); // null
 * const full = storageAdvice({ storage: { ...core.status().storage, error: { code: 'quota', message: '' } } });
 * full.code; // 'quota'
 * full.ways; // ['export', 'retry']
 */
export function storageAdvice(status: Pick<CoreStatus, 'storage'>): (Advice & { readonly code: string }) | null {
  const problem = storageProblem(status);
  if (problem === null) return null;
  const { code, what, safe, todo } = problem;
  return { code, title: what.replace(/\.$/, ''), safe, todo, ways: kStorageWays[code] ?? ['export'] };
}
