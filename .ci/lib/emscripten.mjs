// Finding or installing the Emscripten of emsdk-version.txt.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { inCache, inProject } from './paths.mjs';
import { capture, findProgram, say, StepError } from './process.mjs';
import { installFromDebian, isAcceptable } from './emscripten-debian.mjs';
import { emsdkIsReachable, installFromEmsdk } from './emscripten-emsdk.mjs';

const kStep = 'Emscripten';
/** Written last into a toolchain folder: without it the folder is a leftover of an interrupted set-up. */
const kStamp = 'codeforge-toolchain.json';
const kPartial = '.partial-';

/** @typedef {{version: string, root: string, config?: string, origin: 'PATH'|'EMSDK'|'emsdk'|'debian'}} Toolchain `root` holds emcc and cmake/Modules */

/** Version wanted by the project, for example `6.0.5`. */
export function wantedVersion() {
  return readFileSync(inProject('emsdk-version.txt'), 'utf8').trim();
}

/** Version of the Emscripten whose programs lie in `root`, read from its files (starting emcc takes a second). */
function versionAt(root) {
  const file = join(root, 'emscripten-version.txt');
  if (!existsSync(join(root, 'emcc')) || !existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').replace(/["\s]/g, '').replace(/-git$/, '');
}

/** Root folder of the emcc on PATH; a distribution's /usr/bin/emcc is a link or a wrapper to it. */
function rootOnPath() {
  const emcc = findProgram('emcc');
  if (!emcc) return undefined;
  return [dirname(emcc), '/usr/share/emscripten', '/usr/lib/emscripten'].find((root) => versionAt(root));
}

/** An Emscripten the user has installed, when it has the wanted version. */
function findInstalled(wanted) {
  const emsdk = process.env.EMSDK;
  const candidates = [
    { origin: 'PATH', root: rootOnPath(), config: process.env.EM_CONFIG },
    emsdk && { origin: 'EMSDK', root: join(emsdk, 'upstream/emscripten'), config: join(emsdk, '.emscripten') },
  ].filter((candidate) => candidate?.root);
  for (const { origin, root, config } of candidates) {
    const version = versionAt(root);
    if (version === wanted) return { version, root, config: config && existsSync(config) ? config : undefined, origin };
    if (version) say(`note: the Emscripten of ${origin} is ${version}, wanted is ${wanted}; not using it`);
  }
  return undefined;
}

/** A whole toolchain of the cache folder: the wanted version, or the newer one taken in its place. */
function findCached(wanted) {
  const folder = inCache('toolchain');
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder).flatMap((name) => {
    const stamp = join(folder, name, kStamp);
    if (!existsSync(stamp)) return [];
    const { version, relativeRoot, relativeConfig, origin } = JSON.parse(readFileSync(stamp, 'utf8'));
    const home = join(folder, name);
    return isAcceptable(version, wanted) ? [{ version, root: join(home, relativeRoot), config: join(home, relativeConfig), origin }] : [];
  });
  const best = found.find(({ version }) => version === wanted) ?? found.at(-1);
  if (best) keepNodeCurrent(best);
  return best;
}

/** The configuration names the Node it was made with; a Node moved since then is put in. */
function keepNodeCurrent({ config, origin }) {
  if (origin !== 'debian') return;
  const text = readFileSync(config, 'utf8');
  const node = /^NODE_JS = '(.*)'$/m.exec(text)?.[1];
  if (node && !existsSync(node)) writeFileSync(config, text.replace(node, process.execPath));
}

/** Installs into a temporary folder, renames it when whole, tries it, and only then stamps it. */
function install(wanted) {
  const home = inCache('toolchain');
  mkdirSync(home, { recursive: true });
  // Left by a set-up that was killed; the set-up's lock is held, so nobody works in them.
  for (const name of readdirSync(home)) if (name.startsWith(kPartial)) rmSync(join(home, name), { recursive: true, force: true });
  const partial = mkdtempSync(join(home, kPartial));
  const finalFolder = (version) => join(home, version);
  try {
    say(`Emscripten ${wanted} is not on this machine; asking whether emsdk's repository can be reached`);
    let made = emsdkIsReachable() ? installFromEmsdk(partial, wanted) : undefined;
    const origin = made ? 'emsdk' : 'debian';
    if (!made) {
      say('emsdk cannot be used here; taking Emscripten from Debian');
      rmSync(join(partial, 'emsdk'), { recursive: true, force: true });
      made = installFromDebian(partial, wanted, finalFolder);
    }
    const target = finalFolder(made.version);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
    const toolchain = { version: made.version, root: join(target, made.relativeRoot), config: join(target, made.relativeConfig), origin };
    tryOut(toolchain);
    writeFileSync(join(target, kStamp), `${JSON.stringify({ ...made, origin })}\n`);
    return toolchain;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/**
 * Environment for running a toolchain. The compiled system libraries (EM_CACHE) live in the cache folder, so that
 * they survive the clone.
 */
export function toolchainEnvironment({ version, root, config, origin }, base = process.env) {
  const path = [root, inProject('node_modules/.bin'), base.PATH].join(delimiter);
  const env = { ...base, PATH: path, EMSCRIPTEN_ROOT: root, EM_CACHE: inCache('em-cache', `${version}-${origin.toLowerCase()}`) };
  if (config) env.EM_CONFIG = config;
  // Debian's packages were unpacked together with nlohmann/json and GoogleTest (CMake looks there first).
  if (origin === 'debian') env.CODEFORGE_THIRD_PARTY = resolve(root, '../..');
  return env;
}

/** Compiles and links one small module: shows that every program of the toolchain runs on this machine. */
function tryOut(toolchain) {
  say('trying the toolchain out: linking a small module (its system libraries are compiled at first use, about two minutes)');
  const env = toolchainEnvironment(toolchain);
  mkdirSync(env.EM_CACHE, { recursive: true });
  const folder = mkdtempSync(inCache('toolchain', `${kPartial}try-`));
  try {
    writeFileSync(join(folder, 'try.cpp'), '#include <string>\nextern "C" int answer(int n) { return static_cast<int>(std::string(static_cast<size_t>(n), \'x\').size()); }\n');
    const done = capture(join(toolchain.root, 'em++'), ['try.cpp', '-std=c++20', '-O3', '-flto', '-fno-exceptions', '-fno-rtti',
      '-sEXPORTED_FUNCTIONS=_answer', '--no-entry', '-sMODULARIZE', '-sEXPORT_ES6', '-sENVIRONMENT=node', '-o', 'try.mjs'], { env, cwd: folder });
    if (!done.ok) throw new StepError(kStep, `the installed toolchain does not work\n${done.stderr.trim()}`, 'See the messages above; remove the toolchain folder of the cache and run the set-up again.');
    const run = capture(process.execPath, ['--input-type=module', '-e', "const m = await (await import('./try.mjs')).default(); process.exit(m._answer(42) === 42 ? 0 : 1)"], { cwd: folder });
    if (!run.ok) throw new StepError(kStep, `a linked module does not run\n${run.stderr.trim()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The toolchain to build with; installs it when it is nowhere to be found.
 * @returns {Toolchain}
 */
export function provideEmscripten() {
  const wanted = wantedVersion();
  const found = findInstalled(wanted) ?? findCached(wanted);
  if (found) return found;
  const made = install(wanted);
  say(`Emscripten ${made.version} is ready`);
  return made;
}
