// One set-up or build at a time: `npm start` and `npm test` may be called together.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { say, StepError } from './process.mjs';

const kPollMs = 250;
const kWaitMs = 30 * 60_000;

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryToTake(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Process that holds the lock, or undefined when it is gone. */
function holderOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // An empty file is being written at this moment.
    return pid === 0 || isRunning(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs `work` while holding the lock file; waits for another process that holds it, and takes the lock of a dead one.
 * @template T
 * @param {string} file absolute path
 * @param {string} purpose for the message while waiting, for example `set-up`
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, purpose, work) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  for (let waitedMs = 0; !tryToTake(file); waitedMs += kPollMs) {
    const holder = holderOf(file);
    if (holder === undefined || (holder === 0 && waitedMs > 10_000)) {
      rmSync(file, { force: true });
      continue;
    }
    if (waitedMs >= kWaitMs) throw new StepError(purpose, `process ${holder} has held ${file} for 30 minutes`, 'End that process, or remove the file.');
    if (!told) say(`waiting for the ${purpose} of process ${holder}`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, kPollMs));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
