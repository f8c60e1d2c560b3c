// `npm test`: sets up, builds, runs every runner, and ends with the totals of all.
//
//   npm test                     everything
//   npm test -- server node      only these runners
import { build } from './build.mjs';
import { reportFailure, say, stream } from './lib/process.mjs';
import { runners } from './lib/runners.mjs';
import { setUp } from './setup.mjs';

/** What each runner needs built. */
const kNeeds = {
  'tidy': ['table'],
  'native unit': ['native'], 'native sim': ['native'], 'native crash': ['crash'], 'wasm unit': ['wasmTests'],
  'node': ['wasm', 'module'], 'packaging': ['wasm', 'module'], 'browser': ['wasm', 'module', 'editor'], 'firefox': ['wasm', 'module', 'editor'],
};

/** No runner needs half of this on a quiet machine; it keeps a hanging one from holding the machine. */
const kRunnerLimitMs = 30 * 60_000;

const kSanitizerOptions = {
  ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
};

async function runOne(runner, env, failures) {
  process.stdout.write(`\n=== ${runner.name} ===\n`);
  if (runner.isEmpty()) {
    process.stdout.write(`${runner.name}: no test found\n`);
    return { passed: 0, failed: 1, skipped: 0, note: 'no test found' };
  }
  const startedMs = Date.now();
  const { code, output, timedOut } = await stream(runner.program, runner.args(), { env: { ...env, ...runner.env }, cwd: runner.cwd, keep: true, limitMs: kRunnerLimitMs })
    .catch((error) => ({ code: 1, output: error.message, timedOut: false }));
  const totals = runner.totals(output);
  let note = '';
  // A crash or a run without tests must not look like success.
  if (totals.failed === 0 && (code !== 0 || totals.passed === 0)) {
    totals.failed = 1;
    if (timedOut) note = `killed after ${kRunnerLimitMs / 60_000} minutes`;
    else note = code === 0 ? 'ran no test' : `ended with ${code}`;
  }
  if (totals.failed > 0) failures.push(`\n--- ${runner.name}: what failed ---\n${runner.failures(output)}\n`);
  return { ...totals, note, seconds: ((Date.now() - startedMs) / 1000).toFixed(1) };
}

function describe(name, { passed, failed, skipped, note, seconds }) {
  const parts = [`${passed} passed`, `${failed} failed`];
  if (skipped) parts.push(`${skipped} skipped`);
  return `${name.padEnd(12)} ${parts.join(', ')}${seconds ? ` in ${seconds} s` : ''}${note ? ` (${note})` : ''}`;
}

function chosen(all, names) {
  const unknown = names.find((name) => !all.some((runner) => runner.name === name));
  if (unknown) throw new Error(`unknown runner "${unknown}"; known: ${all.map((runner) => runner.name).join(', ')}`);
  return names.length > 0 ? all.filter((runner) => names.includes(runner.name)) : all;
}

async function main(names) {
  const env = { ...await setUp('test'), ...kSanitizerOptions };
  const selected = chosen(runners(env), names);
  await build([...new Set(selected.flatMap((runner) => kNeeds[runner.name] ?? []))], env);
  const [results, failures] = [[], []];
  for (const runner of selected) results.push([runner.name, await runOne(runner, env, failures)]);
  // Once more at the end, where a reader of a long log looks first.
  process.stdout.write(`${failures.join('')}\n`);
  for (const [name, result] of results) say(describe(name, result));
  const sum = (key) => results.reduce((total, [, result]) => total + result[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(reportFailure);
