// Generated files are what their generators make of the sources now.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { projectFiles, root } from './source-files.mjs';

/** A dump program in a build folder that is newer than every source it is made of. */
function builtDump() {
  const sources = projectFiles().filter((file) => /^src\/(base|model)\/|^tests\/tools\/slice_table_dump\.cpp$/.test(file));
  const newest = Math.max(...sources.map((file) => statSync(path.join(root, file)).mtimeMs));
  const build = path.join(root, 'build');
  const folders = existsSync(build) ? readdirSync(build) : [];
  return folders.map((folder) => path.join(build, folder, 'slice_table_dump')).find((file) => existsSync(file) && statSync(file).mtimeMs > newest);
}

/** Where nlohmann/json.hpp is: beside the toolchain, on the system, or in a build folder. */
function jsonInclude() {
  const build = path.join(root, 'build');
  const candidates = [
    process.env.CODEFORGE_THIRD_PARTY && path.join(process.env.CODEFORGE_THIRD_PARTY, 'include'),
    '/usr/local/include', '/usr/include',
    ...(existsSync(build) ? readdirSync(build) : []).map((folder) => path.join(build, folder, 'third_party/include')),
  ];
  return candidates.find((folder) => folder && existsSync(path.join(folder, 'nlohmann/json.hpp')));
}

/** Compiles the dump program by itself. */
function compiledDump(folder) {
  const include = jsonInclude();
  assert.ok(include, 'nlohmann/json.hpp was not found: run `npm start` or `npm test` once, which installs it');
  const sources = projectFiles().filter((file) => /^src\/(base|model)\/.*\.cpp$/.test(file));
  const program = path.join(folder, 'slice_table_dump');
  const compiler = process.env.CXX ?? ['g++', 'c++', 'clang++'].find((name) => spawnSync(name, ['--version']).status === 0);
  assert.ok(compiler, 'no C++ compiler was found');
  // Behind the compiler's own: the folder may hold another system's C headers too.
  const systemInclude = /^\/usr\/(local\/)?include$/.test(include) ? [] : ['-idirafter', include];
  execFileSync(compiler, ['-std=c++20', '-O0', '-fno-exceptions', '-fno-rtti', '-DJSON_NOEXCEPTION', '-DJSON_USE_IMPLICIT_CONVERSIONS=0', '-Isrc',
    ...systemInclude, ...sources, 'tests/tools/slice_table_dump.cpp', '-o', program], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
}

test('web/src/generated/slices.ts is what the slice table says', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'codeforge-tidy-'));
  try {
    const dump = path.join(folder, 'slices.json');
    writeFileSync(dump, execFileSync(builtDump() ?? compiledDump(folder)));
    const { slices } = JSON.parse(readFileSync(dump, 'utf8'));
    assert.equal(slices.length, 11);
    const check = spawnSync(process.execPath, ['web/generate/slices.mjs', dump, '--check'], { cwd: root, encoding: 'utf8' });
    assert.equal(check.status, 0, `run \`node web/generate/slices.mjs\` with a fresh dump:\n${check.stdout}${check.stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
