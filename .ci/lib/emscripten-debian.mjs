// Emscripten out of Debian's packages, unpacked into a folder of its own: the system is not touched.
// Its programs are linked to newer libraries than this machine's, so each one is told to use the dynamic loader and
// the libraries of that folder.
import { existsSync, lstatSync, mkdirSync, openSync, readSync, closeSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, captureOrFail, findProgram, say, StepError } from './process.mjs';

const kSuite = 'forky';
/** Emscripten; what relocates its programs; and the newest of the two C++ libraries, which need no installation. */
const kPackages = ['emscripten', 'patchelf', 'nlohmann-json3-dev', 'googletest'];
const kStep = 'Emscripten from Debian';
const kOffline = 'Check the network and the package sources of this machine (apt-get update), or install Emscripten yourself and set EMSDK.';

/** Address of this machine's Debian mirror, from apt's own settings. */
function debianMirror() {
  const listed = capture('apt-get', ['indextargets', '--format', '$(REPO_URI) $(ORIGIN) $(LABEL)', 'Created-By: Packages']).stdout;
  const rows = listed.split('\n').map((line) => line.trim().split(' ')).filter((row) => row[0]);
  // Before the first `apt-get update` apt knows the addresses but not yet whose they are.
  const row = rows.find(([, origin, label]) => origin === 'Debian' && label === 'Debian')
    ?? rows.find(([uri, origin]) => !origin && /\/debian\/?$/.test(uri));
  if (!row) throw new StepError(kStep, 'this machine has no Debian mirror among its package sources', kOffline);
  return row[0];
}

/** Options that give apt a state of its own below `folder`: no system list, cache or status is read or written. */
function privateApt(folder, mirror) {
  for (const part of ['lists/partial', 'archives/partial', 'etc']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'etc/sources.list'), `deb ${mirror} ${kSuite} main\n`);
  const options = {
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'), 'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferences': '-', 'Dir::Etc::preferencesparts': '-',
    'Dir::State': folder, 'Dir::State::lists': join(folder, 'lists'), 'Dir::State::status': join(folder, 'status'),
    'Dir::State::extended_states': join(folder, 'extended_states'),
    'Dir::Cache': folder, 'Dir::Cache::archives': join(folder, 'archives'),
    'APT::Install-Recommends': 'false', 'APT::Default-Release': '', 'Acquire::Languages': 'none',
    'Acquire::Retries': '3', 'Debug::NoLocking': 'true', 'APT::Get::List-Cleanup': 'false',
    // Root's apt would otherwise download as the user _apt, who may not enter this folder.
    'APT::Sandbox::User': process.getuid() === 0 ? 'root' : '',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** True for a version that can stand in for the wanted one: the same major version, not older. */
export function isAcceptable(version, wanted) {
  const [a, b] = [version, wanted].map((text) => text.split('.').map(Number));
  return a[0] === b[0] && (a[1] - b[1] || a[2] - b[2]) >= 0;
}

/** Emscripten's version in the suite, for example `6.0.5`. */
function offeredVersion(options, wanted) {
  const shown = capture('apt-cache', [...options, 'show', '--no-all-versions', 'emscripten']).stdout;
  const version = /^Version: (?:\d+:)?(\d+\.\d+\.\d+)/m.exec(shown)?.[1];
  if (!version) throw new StepError(kStep, `suite ${kSuite} offers no emscripten`, kOffline);
  if (!isAcceptable(version, wanted)) {
    throw new StepError(kStep, `suite ${kSuite} has ${version}, wanted is ${wanted}`, `Install Emscripten ${wanted} with emsdk and set EMSDK to its folder.`);
  }
  if (version !== wanted) say(`note: suite ${kSuite} has moved on to Emscripten ${version} (wanted ${wanted}); taking that one`);
  return version;
}

function isElf(path) {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(4);
  try {
    return readSync(file, head, 0, 4, 0) === 4 && head.equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
  } finally {
    closeSync(file);
  }
}

/** The real (not linked) ELF files directly inside a folder. */
function elfFiles(folder, matches = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => join(folder, name))
    .filter((path) => matches(path) && lstatSync(path).isFile() && isElf(path));
}

/** Makes the programs below `root` run with the loader and libraries that will be at `finalRoot`. */
function relocate(root, finalRoot, llvm) {
  const libraries = readdirSync(join(root, 'usr/lib')).filter((name) => /-linux-gnu/.test(name)).map((name) => `usr/lib/${name}`);
  const triplet = libraries.find((folder) => readdirSync(join(root, folder)).some((name) => /^ld-linux.*\.so/.test(name)));
  if (!triplet) throw new StepError(kStep, 'the packages hold no dynamic loader', 'Remove the toolchain folder from the cache and run the set-up again.');
  const loader = join(triplet, readdirSync(join(root, triplet)).find((name) => /^ld-linux.*\.so/.test(name)));
  const searched = [...libraries, `${llvm}/lib`];
  // patchelf comes with the same packages; it is itself run through the loader.
  const patchelf = (args) => captureOrFail(kStep, join(root, loader),
    ['--library-path', searched.map((folder) => join(root, folder)).join(':'), join(root, 'usr/bin/patchelf'), ...args]);
  const rpath = searched.map((folder) => join(finalRoot, folder)).join(':');
  const programs = [...elfFiles(join(root, llvm, 'bin')), ...elfFiles(join(root, 'usr/bin'), (path) => /\/wasm[^/]*$/.test(path))];
  for (const program of programs) {
    if (!capture(join(root, loader), ['--verify', program]).ok) continue; // static: nothing to relocate
    patchelf(['--set-interpreter', join(finalRoot, loader), '--force-rpath', '--set-rpath', rpath, program]);
  }
  // These two carry a RUNPATH, which would hide the programs' RPATH from what they load.
  const shared = [...libraries, `${llvm}/lib`].flatMap((folder) => elfFiles(join(root, folder), (path) => /\/lib(LLVM|clang-cpp|binaryen)[^/]*$/.test(path)));
  for (const library of new Set(shared.map((path) => realpathSync(path)))) patchelf(['--force-rpath', '--set-rpath', rpath, library]);
  return programs.length;
}

/**
 * Downloads and unpacks Emscripten.
 * @param {string} folder empty folder to fill (renamed to `finalFolder` by the caller when whole)
 * @param {string} wanted version in emsdk-version.txt
 * @param {(version: string) => string} finalFolderOf where the folder will be
 * @returns {{version: string, relativeRoot: string, relativeConfig: string}}
 */
export function installFromDebian(folder, wanted, finalFolderOf) {
  for (const program of ['apt-get', 'dpkg-deb']) {
    if (!findProgram(program)) throw new StepError(kStep, `${program} is missing: this is not a Debian machine`, `Install Emscripten ${wanted} with emsdk and set EMSDK to its folder.`);
  }
  const apt = join(folder, 'apt');
  const root = join(folder, 'root');
  mkdirSync(root, { recursive: true });
  const options = privateApt(apt, debianMirror());
  say(`reading the package list of suite ${kSuite}`);
  captureOrFail(kStep, 'apt-get', [...options, 'update', '-q'], { remedy: kOffline });
  const version = offeredVersion(options, wanted);
  say(`downloading Emscripten ${version} (about 170 MB)`);
  captureOrFail(kStep, 'apt-get', [...options, 'install', '--download-only', '-y', '-q', ...kPackages], { remedy: kOffline });
  const archives = readdirSync(join(apt, 'archives')).filter((name) => name.endsWith('.deb'));
  say(`unpacking ${archives.length} packages`);
  unpackMergedRoot(root);
  for (const archive of archives) captureOrFail(kStep, 'sh', ['-c', `dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"`, 'unpack', join(apt, 'archives', archive), root]);
  rmSync(apt, { recursive: true, force: true });

  const llvm = readdirSync(join(root, 'usr/lib')).filter((name) => /^llvm-\d+$/.test(name)).map((name) => `usr/lib/${name}`)
    .find((path) => existsSync(join(root, path, 'bin/wasm-ld')));
  if (!llvm) throw new StepError(kStep, 'the packages hold no wasm-ld', 'Report this with the output above.');
  const finalFolder = finalFolderOf(version);
  const count = relocate(root, join(finalFolder, 'root'), llvm);
  say(`made ${count} programs independent of the system's libraries`);
  // Node looks for `acorn` in node_modules beside or above the program that imports it.
  if (!existsSync(join(root, 'usr/share/node_modules'))) symlinkSync('nodejs', join(root, 'usr/share/node_modules'));
  writeFileSync(join(folder, 'em-config'), [
    `LLVM_ROOT = '${join(finalFolder, 'root', llvm, 'bin')}'`,
    `BINARYEN_ROOT = '${join(finalFolder, 'root/usr')}'`,
    `NODE_JS = '${process.execPath}'`, ''].join('\n'));
  return { version, relativeRoot: 'root/usr/share/emscripten', relativeConfig: 'em-config' };
}

/** Today's packages put nothing into /bin and /lib, but links may: give the root the usual merged layout. */
function unpackMergedRoot(root) {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(join('usr', name), join(root, name));
  }
}
