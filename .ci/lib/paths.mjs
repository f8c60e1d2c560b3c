// Where things are: the clone and the cache folder outside it. No npm package may be imported here,
// these modules run before `npm ci`.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the clone. */
export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Absolute path of a file of the clone. */
export const inProject = (...parts) => join(projectRoot, ...parts);

/**
 * Absolute path of the cache folder: `$CODEFORGE_CACHE`, else `codeforge-core` in the user's cache folder.
 * It holds what is expensive and independent of the clone: toolchain, its system libraries, Python packages.
 */
export const cacheRoot = resolve(
  process.env.CODEFORGE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'codeforge-core'),
);

/** Absolute path inside the cache folder. */
export const inCache = (...parts) => join(cacheRoot, ...parts);

/** Folder inside the clone (ignored by git) for stamps and the local database. */
export const stateRoot = inProject('.codeforge');
