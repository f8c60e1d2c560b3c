// The server's Python packages, in a virtual environment of the cache folder.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inCache, inProject } from './paths.mjs';
import { providePackages } from './packages.mjs';
import { captureOrFail, say } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const kStep = 'Python packages';
const kRequirements = ['requirements.txt', 'requirements-dev.txt'].map((name) => inProject('server', name));

const requirementsHash = () => hashOf(kRequirements).slice(0, 16);

/** Folder of the environment for today's requirement files. */
export function venvFolder() {
  return inCache(`venv-${requirementsHash()}`);
}

/** The Python that has the server's packages; exists after providePython. */
export function venvPython() {
  return join(venvFolder(), 'bin/python');
}

/** Creates the environment unless it is there and whole. */
export async function providePython() {
  const folder = venvFolder();
  const stampFile = join(folder, 'codeforge-stamp');
  // A link to a Python that has been removed since does not "exist".
  if (isStamped(stampFile, requirementsHash()) && existsSync(venvPython())) return;
  await providePackages(['python', 'venv']);
  say('installing the Python packages of server/requirements*.txt');
  // A virtual environment cannot be renamed (its scripts name their interpreter), so a stamp tells that it is whole.
  rmSync(folder, { recursive: true, force: true });
  captureOrFail(kStep, 'python3', ['-m', 'venv', folder], { remedy: 'Install python3-venv and run this again.' });
  captureOrFail(kStep, venvPython(), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', kRequirements[1]],
    { cwd: inProject('server'), remedy: 'Check the network and pip\'s index settings, then run this again.' });
  stamp(stampFile, requirementsHash());
}
