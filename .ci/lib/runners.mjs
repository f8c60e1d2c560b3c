// The test runners and how each says its totals.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './paths.mjs';

/** @typedef {{passed: number, failed: number, skipped: number}} Totals */

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/** Totals of `node --test` with the spec reporter. */
function nodeTotals(output) {
  const count = (name) => number(output, new RegExp(`^ℹ ${name} (\\d+)$`, 'm'));
  return { passed: count('pass'), failed: count('fail') + count('cancelled'), skipped: count('skipped') + count('todo') };
}

/** Totals of a GoogleTest executable; in its brief mode it lists failures one by one and does not sum them up. */
function googleTotals(output) {
  const ran = number(output, /^\[=+\] (\d+) tests? from .* ran\./m);
  const passed = number(output, /^\[ {2}PASSED {2}\] (\d+) tests?\./m);
  const failed = (output.match(/^\[ {2}FAILED {2}\] \S.* \(\d+ ms\)$/gm) ?? []).length;
  return { passed, failed, skipped: Math.max(0, ran - passed - failed) };
}

/** Totals of pytest's last line. */
function pytestTotals(output) {
  const last = output.trim().split('\n').findLast((line) => / in \d+(\.\d+)?s/.test(line)) ?? '';
  return {
    passed: number(last, /(\d+) passed/),
    failed: number(last, /(\d+) failed/) + number(last, /(\d+) errors?/),
    skipped: number(last, /(\d+) skipped/) + number(last, /(\d+) xfailed/),
  };
}

/** The part of a failed run's output that says what failed: from the runner's own heading on, else the end. */
function failuresFrom(heading) {
  return (output) => {
    const from = output.search(heading);
    return from < 0 ? output.trimEnd().split('\n').slice(-kFailureLines).join('\n') : output.slice(from).trimEnd().split('\n').slice(0, kFailureLines).join('\n');
  };
}

/** Files directly inside folders of tests/ with one of the endings, sorted. */
function testFiles(folders, endings) {
  return folders.map((folder) => inProject('tests', folder)).filter(existsSync).flatMap((folder) => readdirSync(folder)
    .map((name) => join(folder, name)).filter((path) => endings.some((ending) => path.endsWith(ending))).sort());
}

/** Most lines of a failed runner that are said again at the end. */
const kFailureLines = 120;

/** Longest time of one test file; far above what any needs. */
const kFileLimitMs = 900_000;

function nodeRunner(name, folders, endings, concurrency, env = {}) {
  const args = () => ['--test', '--test-reporter=spec', `--test-timeout=${kFileLimitMs}`, `--test-concurrency=${concurrency}`, ...testFiles(folders, endings)];
  return { name, program: process.execPath, args, cwd: inProject(), env, isEmpty: () => testFiles(folders, endings).length === 0, totals: nodeTotals, failures: failuresFrom(/^✖ failing tests:/m) };
}

/** The browser tests whose bodies run in Firefox too: storage, exits, kills, sync, workers, tabs. The pages themselves are looked at in Chromium. */
const kFirefoxFiles = ['durability', 'exit-matrix', 'kill-matrix', 'storage-faults', 'sync', 'tabs', 'worker'].map((name) => `/${name}.spec.mjs`);

function googleRunner(name, program, args = []) {
  return { name, program, args: () => [...args, '--gtest_brief=1', '--gtest_color=no'], cwd: inProject(), isEmpty: () => false, totals: googleTotals, failures: failuresFrom(/^.*: Failure$/m) };
}

/**
 * The runners in their order; the quickest to fail come first.
 * @param {NodeJS.ProcessEnv} env from setUp
 * @returns {{name: string, program: string, args: () => string[], cwd: string, env?: NodeJS.ProcessEnv, isEmpty: () => boolean, totals: (output: string) => Totals,
 *   failures: (output: string) => string}[]} `failures` is asked only of a run that failed
 */
export function runners(env) {
  return [
    nodeRunner('tidy', ['tidy'], ['.test.mjs'], 2),
    googleRunner('native unit', inProject('build/native-debug/unit_tests')),
    googleRunner('native sim', inProject('build/native-debug/sim_tests')),
    googleRunner('native crash', inProject('build/native-release/crash_tests')),
    googleRunner('wasm unit', process.execPath, [inProject('build/wasm-debug/unit_tests.js')]),
    {
      name: 'server', program: env.CODEFORGE_PYTHON, args: () => ['-m', 'pytest', '-q', '--color=no', '-p', 'no:cacheprovider'],
      cwd: inProject('server'), isEmpty: () => false, totals: pytestTotals, failures: failuresFrom(/^=+ (FAILURES|ERRORS) =+$/m),
    },
    nodeRunner('node', ['node', 'react', 'seeds'], ['.test.mjs'], 2),
    nodeRunner('packaging', ['packaging'], ['.test.mjs'], 1),
    // Two files at a time: they wait most of their time, and each has servers, ports and profiles of its own.
    nodeRunner('browser', ['browser'], ['.spec.mjs', '.test.mjs'], 2),
    nodeRunner('firefox', ['browser'], kFirefoxFiles, 2, { BROWSER: 'firefox' }),
  ];
}
