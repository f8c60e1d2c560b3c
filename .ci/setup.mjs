// Set-up: finds or installs everything that building, testing and starting need. Idempotent; a second run only looks.
//
//   node .ci/setup.mjs            everything
//   node .ci/setup.mjs start      what `npm start` needs (no native compiler, no browser)
//   node .ci/setup.mjs server     what `npm run server` needs
import { pathToFileURL } from 'node:url';
import { provideEmscripten, toolchainEnvironment } from './lib/emscripten.mjs';
import { withLock } from './lib/lock.mjs';
import { provideNpmPackages } from './lib/npm.mjs';
import { findChromium, findFirefox, providePackages } from './lib/packages.mjs';
import { inCache } from './lib/paths.mjs';
import { reportFailure, say, StepError } from './lib/process.mjs';
import { providePython, venvPython } from './lib/python.mjs';

const kOldestNode = [20, 0];

/** What each purpose needs, in order. */
const kPurposes = {
  server: { python: true },
  editor: { npm: true },
  build: { npm: true, emscripten: true },
  bench: { npm: true, emscripten: true, browsers: ['chromium'] },
  start: { npm: true, emscripten: true, python: true },
  test: { npm: true, emscripten: true, python: true, native: true, browsers: ['chromium', 'firefox'] },
};

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < kOldestNode[0] || (major === kOldestNode[0] && minor < kOldestNode[1])) {
    throw new StepError('Node.js', `version ${process.versions.node} is too old`, `Install Node.js ${kOldestNode[0]} or newer.`);
  }
}

/**
 * Provides what a purpose needs.
 * @param {keyof typeof kPurposes} purpose
 * @returns {Promise<NodeJS.ProcessEnv>} environment in which compilers and tests run: PATH and Emscripten's variables,
 *   CODEFORGE_PYTHON (Python with the server's packages), CHROMIUM, FIREFOX
 */
export async function setUp(purpose) {
  checkNode();
  const needs = kPurposes[purpose];
  if (!needs) throw new StepError('set-up', `unknown purpose "${purpose}"`, `Use one of: ${Object.keys(kPurposes).join(', ')}.`);
  return withLock(inCache('set-up.lock'), 'set-up', async () => {
    let env = { ...process.env };
    if (needs.emscripten) await providePackages(['python', 'cmake', 'ninja']);
    if (needs.native) await providePackages(['compiler']);
    if (needs.browsers) await providePackages(needs.browsers);
    if (needs.npm) await provideNpmPackages();
    if (needs.emscripten) {
      env = toolchainEnvironment(provideEmscripten(), env);
      // Where the toolchain did not bring them.
      process.env.CODEFORGE_THIRD_PARTY ??= env.CODEFORGE_THIRD_PARTY ?? '';
      await providePackages(needs.native ? ['json', 'googletest'] : ['json']);
    }
    if (needs.python) {
      await providePython();
      env.CODEFORGE_PYTHON = venvPython();
    }
    if (needs.browsers?.includes('chromium')) env.CHROMIUM = findChromium();
    if (needs.browsers?.includes('firefox')) env.FIREFOX = findFirefox();
    return env;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const startedMs = Date.now();
  try {
    await setUp(process.argv[2] ?? 'test');
    say(`set-up complete (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}
