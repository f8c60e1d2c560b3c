// `npm run bench`: measures this project beside its peers. See README.md here; `npm run bench -- --help` lists the options.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { build } from '../../.ci/build.mjs';
import { inProject } from '../../.ci/lib/paths.mjs';
import { provideNpmPackages } from '../../.ci/lib/npm.mjs';
import { reportFailure, say } from '../../.ci/lib/process.mjs';
import { setUp } from '../../.ci/setup.mjs';
import { isAlways, jobsOf } from './lib/jobs.mjs';
import { nodeSample } from './lib/node-part.mjs';
import { kUsage, readOptions } from './lib/options.mjs';
import { Progress } from './lib/progress.mjs';
import { Series } from './lib/series.mjs';
import { shuffled, spread } from './lib/statistics.mjs';
import { randomFrom } from './lib/workload.mjs';

const kFolder = inProject('tests/bench');
/** How much longer than asked for a run may take, so that ours and the limits are in it. */
const kOverrun = 0.25;
const now = () => performance.now();

async function prepare(options) {
  const env = await setUp('bench');
  if (env.CHROMIUM) process.env.CHROMIUM = env.CHROMIUM;
  if (options.build) await build(['wasm', 'module'], env);
  await provideNpmPackages(kFolder);
}

/** The samplers by part; a part that is not asked for is not loaded. */
async function samplers(parts) {
  if (!parts.includes('browser')) return { node: nodeSample };
  const { BrowserPart } = await import('./lib/browser-part.mjs');
  const browser = await BrowserPart.open();
  return { node: nodeSample, browser: (job) => browser.sample(job), close: () => browser.close(), version: () => browser.version };
}

/** Runs the repetitions that the time allows, each in a new random order. */
async function measure(options, sampleOf) {
  const once = jobsOf(options);
  const all = Array.from({ length: options.repetitions }, (_, repetition) => once.map((job) => ({ ...job, repetition })));
  const progress = new Progress(all);
  const random = randomFrom(options.seed);
  const run = { series: new Series(), loads: [], failures: [], leftOut: 0, repetitions: 0 };
  const end = now() + options.minutes * 60_000;
  for (const jobs of all) {
    if (run.repetitions > 0 && now() + progress.estimate(jobs) * 1000 > end) {
      say(`${run.repetitions} of ${options.repetitions} repetitions: another would end after ${options.minutes} minutes`);
      break;
    }
    progress.begin(jobs);
    for (const job of shuffled(jobs, random)) {
      // Short of time peers are left out, not ours or the limits: without them the others would say nothing.
      const leftMs = end - now();
      const isNeeded = isAlways(job.store) && leftMs > -options.minutes * 60_000 * kOverrun;
      if (!isNeeded && leftMs < progress.estimate() * 1000) {
        progress.leaveOut(job);
        run.leftOut++;
      } else {
        await measureOne(job, sampleOf, run, progress);
      }
    }
    run.repetitions++;
  }
  if (run.leftOut > 0) say(`${run.leftOut} samples of peers were left out: no time`);
  return run;
}

async function measureOne(job, sampleOf, run, progress) {
  const [load] = loadavg();
  run.loads.push(load);
  const begun = now();
  let note = '';
  try {
    const { figures, stopped = {} } = await sampleOf[job.part](job);
    for (const [workload, value] of Object.entries(figures)) run.series.add(workload, job.store, job.repetition, value);
    for (const [workload, reached] of Object.entries(stopped)) run.series.stopped(workload, job.store, reached);
  } catch (error) {
    const reason = String(error.stderr || error.stack || error).trim().split('\n').slice(0, 12).join('\n    ');
    run.failures.push(`${job.store} ${job.task}: ${reason.split('\n').find((line) => /Error|Wrong/.test(line))?.trim() ?? reason.split('\n')[0]}`);
    note = `\n    FAILED: ${reason}`;
  }
  const seconds = (now() - begun) / 1000;
  progress.took(job, seconds);
  console.log(progress.line(job, seconds, load, note));
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: kFolder, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void console.log(kUsage);
  const begun = now();
  await prepare(options);
  const sampleOf = await samplers(options.parts);
  // The browser is a process group of its own, which an interrupt of this one does not reach.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => Promise.resolve(sampleOf.close?.()).finally(() => process.exit(130)));
  let run;
  try {
    run = await measure(options, sampleOf);
  } finally {
    await sampleOf.close?.();
  }
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const about = {
    measuredAt: new Date().toISOString(), version, commit: commit(), cpu: cpus()[0].model.trim(), cores: cpus().length, node: process.version,
    chromium: sampleOf.version?.() ?? null, load: run.loads.length > 0 ? spread(run.loads) : null, repetitions: run.repetitions, seed: options.seed,
    seconds: Math.round((now() - begun) / 1000), leftOut: run.leftOut, failures: run.failures,
  };
  const { write } = await import('./lib/output.mjs');
  const sizes = options.parts.includes('sizes') ? await (await import('./lib/sizes-part.mjs')).sizes(kFolder) : undefined;
  write(options, about, run.series, sizes);
  if (run.failures.length > 0) process.exitCode = 1;
}

await main().catch((error) => { process.exitCode = reportFailure(error); });
