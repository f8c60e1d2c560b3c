// Runs the samples in Node: a process for each.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const kSample = fileURLToPath(new URL('../node-sample.mjs', import.meta.url));
const kLimitMs = 180_000;

/** The figures of one job, by workload; `reached` where a store was stopped early. */
export async function nodeSample({ store, task, count }) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-old-space-size=6144', kSample, store, task, String(count)],
    { env: { ...process.env, NODE_ENV: 'production' }, timeout: kLimitMs });
  const figures = JSON.parse(stdout.trim().split('\n').at(-1));
  if (task !== 'items') return { figures };
  const { reached, ...rates } = figures;
  const named = Object.fromEntries(Object.entries(rates).map(([workload, value]) => [`${workload}@${count}`, value]));
  return { figures: named, stopped: reached < count ? { [`W2one@${count}`]: reached } : {} };
}
