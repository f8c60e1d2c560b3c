// What a user is told about a storage error: what it is, what is safe, and what to do. web/STORAGE.md has the same table.
import type { CoreStatus } from '../types.js';

export interface StorageProblem {
  /** The code of `status().storage.error`, or `wiped`. */
  code: string;
  what: string;
  safe: string;
  todo: string;
}

const kKeepsOn = 'Everything that was saved before. Newer edits are in this tab only; the core keeps trying.';

const kProblems: Record<string, Omit<StorageProblem, 'code'>> = {
  'quota': { what: 'This device is out of space.', safe: kKeepsOn, todo: 'Free space on the device or export the project. Saving goes on by itself.' },
  'connection-lost': { what: 'The browser closed the database.', safe: kKeepsOn, todo: 'Nothing; it is opened again. Export the project if this stays.' },
  'aborted': { what: 'The browser stopped a write half-way and undid it.', safe: kKeepsOn, todo: 'Nothing; it is written again. Export the project if this stays.' },
  'stuck': { what: 'The browser does not finish a write.', safe: kKeepsOn, todo: 'Export the project, then restart the browser.' },
  'blocked': { what: 'Another tab keeps the database from opening.', safe: 'Everything that was saved before.', todo: 'Close or reload the other tabs of this application, then reload this one.' },
  'newer': { what: 'A newer version of this application wrote the database.', safe: 'Everything; it is not touched.', todo: 'Reload to get the newer version.' },
  'unavailable': { what: 'This browser keeps no data here, for example in a private window.', safe: 'Nothing beyond this tab, except what the server has.', todo: 'Export the project before you close the tab, or use an ordinary window.' },
  'unknown': { what: 'The browser reports a storage failure.', safe: kKeepsOn, todo: 'Export the project, then restart the browser.' },
  'wiped': { what: 'The browser removed what this application had stored here, and there is no copy on this device.', safe: 'What the server has. Nothing is sent or deleted there until you decide.', todo: 'Fetch everything from the server, restore a backup, or start empty.' },
};

/**
 * The storage problem to show now; null when there is none.
 *
 * @example
 * const core = await createCore({ name: 'shop' });
 * const problem = storageProblem(core.status());
 * if (problem !== null) console.log(`${problem.what} ${problem.todo}`);
 */
export function storageProblem({ storage }: Pick<CoreStatus, 'storage'>): StorageProblem | null {
  const code = storage.incident?.decision === 'needed' ? 'wiped' : storage.error?.code;
  return code === undefined ? null : { code, ...(kProblems[code] ?? kProblems['unknown']!) };
}
