// The npm packages of package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
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
function isCurrent() {
  const wanted = lockedPackages(inProject('package-lock.json'));
  const present = lockedPackages(inProject('node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([folder, { version, integrity, optional }]) => {
    if (folder === '') return true;
    const found = present[folder];
    // Optional packages are those of other processors and systems.
    if (!found || !existsSync(inProject(folder))) return Boolean(optional);
    return found.version === version && found.integrity === integrity;
  });
}

/** Runs `npm ci` unless node_modules is current. */
export async function provideNpmPackages() {
  if (isCurrent()) return;
  say('installing the npm packages of package-lock.json');
  await streamOrFail('npm packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: inProject(), remedy: 'Check the network and npm\'s registry settings, then run `npm ci`.' });
}
