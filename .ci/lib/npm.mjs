// The npm packages of a package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inProject } from './paths.mjs';
import { say, streamOrFail } from './process.mjs';

/** The packages of a lock file by their folder; undefined when there is none. */
function lockedPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/**
 * True when node_modules is what package-lock.json asks for. npm writes its own lock file into node_modules when an
 * installation has ended; comparing the two also accepts a node_modules made by `npm install`, and not one half made.
 */
function isCurrent(root) {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const present = lockedPackages(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([folder, { version, integrity, optional }]) => {
    if (folder === '') return true;
    const found = present[folder];
    // Optional packages are those of other processors and systems.
    if (!found || !existsSync(join(root, folder))) return Boolean(optional);
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * Runs `npm ci` unless node_modules is current.
 * @param {string} root absolute folder of package.json and its lock file; the clone's own by default
 */
export async function provideNpmPackages(root = inProject()) {
  if (isCurrent(root)) return;
  say(`installing the npm packages of ${relative(inProject(), join(root, 'package-lock.json'))}`);
  await streamOrFail('npm packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, remedy: 'Check the network and npm\'s registry settings, then run `npm ci`.' });
}
