// `npm run campaign`: the long runs of the browser tests, which take more than an hour, and what they must show.
//
//   npm run campaign                   all of them
//   npm run campaign -- exits tabs     only these
//   npm run campaign -- --share 0.1    a tenth of each
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { build } from './build.mjs';
import { inProject } from './lib/paths.mjs';
import { reportFailure, say, StepError, stream } from './lib/process.mjs';
import { setUp } from './setup.mjs';

/** Nothing that runs well comes near it. */
const kLimitMs = 4 * 3_600_000;

/** The longest that a take-over may take at the 99th percentile, in milliseconds. */
const kTakeOverMs = 500;

/**
 * By name: the test file, the variable that says how often, and how often. `faults(totals, count)` says what is wrong with
 * what the test printed of itself, by name.
 */
const kCampaigns = {
  'kills': { file: 'kill-matrix', variable: 'KILL_CYCLES', count: 300, faults: killFaults },
  'exits': { file: 'exit-matrix', variable: 'EXIT_TIMES', count: 50, faults: () => [] },
  'tabs': { file: 'tabs', variable: 'TAB_SCHEDULES', count: 500, faults: tabFaults },
  'kills-firefox': { file: 'kill-matrix', variable: 'KILL_CYCLES', count: 50, browser: 'firefox', faults: killFaults },
};

function killFaults(totals, count) {
  const victims = Object.entries(totals).filter(([name]) => name.startsWith('kill matrix'));
  const cycles = victims.reduce((sum, [, one]) => sum + one.cycles, 0);
  return [
    cycles < count && `${cycles} of ${count} cycles`,
    ...victims.flatMap(([name, { kills, cycles: own, lost, wipes, repaired }]) => [
      kills < 2 * own && `${name}: fewer than two kills a cycle`, lost > 0 && `${name}: ${lost} lost`, wipes !== repaired && `${name}: ${repaired} of ${wipes} wipes repaired`,
    ]),
  ];
}

function tabFaults({ tabs }, count) {
  return [
    !(tabs?.schedules >= count) && `${tabs?.schedules} of ${count} schedules`,
    !(tabs?.takeOverMs.p99 <= kTakeOverMs) && `the 99th percentile of the take-overs is ${tabs?.takeOverMs.p99} ms, more than ${kTakeOverMs}`,
  ];
}

/** What the tests say of themselves: lines of a name and its totals as JSON. */
function totalsOf(output) {
  return Object.fromEntries([...output.matchAll(/^(kill matrix, \w+|wipes behind a kill|tabs): (\{.*\})$/gm)].map(([, name, text]) => [name, JSON.parse(text)]));
}

async function run(name, share, env) {
  const { file, variable, browser = 'chromium', faults, ...whole } = kCampaigns[name];
  const count = Math.max(1, Math.ceil(whole.count * share));
  process.stdout.write(`\n=== ${name}: ${variable}=${count} in ${browser} ===\n`);
  const startedMs = Date.now();
  const { code, output } = await stream(process.execPath, ['--test', '--test-reporter=spec', inProject(`tests/browser/${file}.spec.mjs`)],
    { env: { ...env, BROWSER: browser, [variable]: String(count) }, keep: true, limitMs: kLimitMs });
  const number = (kind) => Number(new RegExp(`^ℹ ${kind} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const [tests, failed, totals] = [number('pass'), number('fail') + number('cancelled'), totalsOf(output)];
  const found = [code !== 0 && `the tests ended with ${code}`, failed > 0 && `${failed} tests failed`, tests === 0 && 'no test passed', ...faults(totals, count)].filter(Boolean);
  return { campaign: name, browser, [variable]: count, tests, failed, ...(Object.keys(totals).length > 0 && { totals }), minutes: Number(((Date.now() - startedMs) / 60_000).toFixed(1)), load: loadavg()[1], faults: found };
}

function read(args) {
  const at = args.indexOf('--share');
  const share = at < 0 ? 1 : Number(args.splice(at, 2)[1]);
  if (!(share > 0 && share <= 1)) throw new StepError('campaign', '--share takes a number above 0 and up to 1', 'npm run campaign -- --share 0.1');
  const unknown = args.find((name) => !(name in kCampaigns));
  if (unknown) throw new StepError('campaign', `there is no "${unknown}"`, `choose from ${Object.keys(kCampaigns).join(', ')}`);
  return { share, names: args.length > 0 ? args : Object.keys(kCampaigns) };
}

async function main(args) {
  const { share, names } = read(args);
  const env = await setUp('test');
  await build(['wasm', 'module'], env);
  const results = [];
  for (const name of names) results.push(await run(name, share, env));
  const path = inProject('build/campaign.json');
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write('\n');
  for (const { campaign, minutes, tests, faults, totals } of results) {
    say(`${campaign.padEnd(14)} ${tests} tests in ${minutes} min${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`);
    for (const [name, of] of Object.entries(totals ?? {})) say(`  ${name}: ${JSON.stringify(of)}`);
  }
  say(`written to ${path}`);
  const failed = results.filter(({ faults }) => faults.length > 0).length;
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(reportFailure);
