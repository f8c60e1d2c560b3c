// Remembering with which inputs something was made.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from './paths.mjs';

/** Paths of all files below the given files and folders, sorted; folders named in `skip` are left out. */
function filesBelow(paths, skip) {
  return paths.filter(existsSync).flatMap((path) => {
    const entries = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const child = join(folder, entry.name);
      if (entry.isDirectory()) return skip.includes(entry.name) ? [] : entries(child);
      return [child];
    });
    try {
      return entries(path);
    } catch (error) {
      if (error.code === 'ENOTDIR') return [path];
      throw error;
    }
  }).sort();
}

/**
 * Hex hash over names (relative to the clone) and contents of files and folders; what does not exist counts as absent.
 * @param {string[]} paths absolute
 * @param {{skip?: string[], extra?: string}} [options] names of folders to leave out; other text that matters
 */
export function hashOf(paths, { skip = ['node_modules', 'dist'], extra = '' } = {}) {
  const hash = createHash('sha256').update(extra);
  for (const file of filesBelow(paths, skip)) hash.update(`\0${relative(projectRoot, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** True when the stamp file holds exactly this hash. */
export function isStamped(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === hash;
}

/** Writes the stamp; call it last. */
export function stamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${hash}\n`);
}
