// For every error that a user can meet: what it means, what is safe, and what to do.

export type WayOn = 'retry' | 'check' | 'export' | 'reload';

export interface Advice {
  readonly title: string;
  readonly safe: string;
  readonly todo: string;
  readonly ways: readonly WayOn[];
}

const kSavedHere = 'Everything is saved on this device; nothing is lost.';
const kInMemory = 'Saved work is untouched. Newer edits are only in this tab for now.';

const kAdvice: Readonly<Record<string, Advice>> = {
  offline: { title: 'The server cannot be reached', safe: kSavedHere, todo: 'It is tried again by itself. Check the network and the address of the server.', ways: ['retry', 'check'] },
  timeout: { title: 'The server took too long', safe: kSavedHere, todo: 'It is tried again by itself.', ways: ['retry', 'check'] },
  server: { title: 'The server answered with an error', safe: kSavedHere, todo: 'It is tried again by itself. When it stays, the server’s log tells why.', ways: ['retry', 'check'] },
  rejected: { title: 'The server does not accept the exchange', safe: kSavedHere, todo: 'Check that you are signed in there and that the address is right, then try again.', ways: ['retry', 'check'] },
  'no-server': { title: 'No server is set', safe: 'Everything stays on this device.', todo: 'Set the address of the server to sync.', ways: [] },
  quota: { title: 'This device has no room left', safe: kInMemory, todo: 'Export now, then free space in the browser or on the disk. Saving goes on by itself.', ways: ['export', 'retry'] },
  'connection-lost': { title: 'The browser closed the storage', safe: kInMemory, todo: 'Export to be sure, then reload the page.', ways: ['export', 'reload'] },
  aborted: { title: 'The browser refused a save', safe: kInMemory, todo: 'It is tried again by itself. Export when it stays.', ways: ['export', 'retry'] },
  blocked: { title: 'Another tab holds the storage', safe: kInMemory, todo: 'Close other tabs of this page, then reload.', ways: ['export', 'reload'] },
  unavailable: { title: 'This browser offers no storage here', safe: 'Work stays in this tab until it is closed.', todo: 'Export before you close it. Private windows often keep nothing.', ways: ['export'] },
  unknown: { title: 'The storage reported a problem', safe: kInMemory, todo: 'Export to be sure. Saving is tried again by itself.', ways: ['export', 'retry'] },
};

/**
 * What to tell about an error code of the core's status.
 *
 * @example
 * adviceFor('quota').ways; // ['export', 'retry']
 */
export const adviceFor = (code: string): Advice => kAdvice[code] ?? kAdvice.unknown!;
