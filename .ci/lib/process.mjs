// Running other programs, and saying which step is going on.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Longer lines of a failed program are cut: some print their whole source. */
const kLineLength = 400;

/** A failed step: what was being done, what went wrong, what the reader can do about it. */
export class StepError extends Error {
  /**
   * @param {string} step what was being done, for example `npm packages`
   * @param {string} problem what went wrong
   * @param {string} [remedy] what to do now
   */
  constructor(step, problem, remedy) {
    super(`${step}: ${problem}`);
    this.name = 'StepError';
    this.step = step;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Prints one line of progress. */
export function say(text) {
  process.stdout.write(`[codeforge] ${text}\n`);
}

/** Prints a StepError (or any error) the way a reader needs it; returns the exit code 1. */
export function reportFailure(error) {
  if (error instanceof StepError) {
    process.stderr.write(`\n[codeforge] FAILED at step "${error.step}": ${error.problem}\n`);
    if (error.remedy) process.stderr.write(`[codeforge] What to do: ${error.remedy}\n`);
  } else {
    process.stderr.write(`\n[codeforge] FAILED: ${error?.stack ?? error}\n`);
  }
  return 1;
}

/** Absolute path of a program on PATH, or undefined. */
export function findProgram(name, path = process.env.PATH ?? '') {
  for (const candidate of isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name))) {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here: look in the next folder
    }
  }
  return undefined;
}

/**
 * Runs a program to its end and returns its output.
 * @returns {{ok: boolean, code: number|null, stdout: string, stderr: string}} `code` is null when it was killed or timed out
 */
export function capture(program, args, { env = process.env, cwd, timeoutMs = 0 } = {}) {
  const done = spawnSync(program, args, {
    env, cwd, encoding: 'utf8', timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: done.status === 0, code: done.status, stdout: done.stdout ?? '', stderr: done.stderr || String(done.error ?? '') };
}

/** Like capture, but a failure is a StepError with the program's last lines. */
export function captureOrFail(step, program, args, { remedy, ...options } = {}) {
  const done = capture(program, args, options);
  if (done.ok) return done.stdout;
  const lastLines = `${done.stdout}\n${done.stderr}`.trim().split('\n').map((line) => line.slice(0, kLineLength)).slice(-15).join('\n');
  throw new StepError(step, `${program} ${args.slice(0, 3).join(' ')} ended with ${done.code}\n${lastLines}`, remedy);
}

/**
 * Runs a program with its output on this terminal; also returns the output when `keep` is set.
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, keep?: boolean, limitMs?: number}} [options] after `limitMs` the
 *   program and what it started are killed; 0 is no limit
 * @returns {Promise<{code: number, output: string, timedOut: boolean}>} code 1 when it was ended by a signal
 */
export function stream(program, args, { env = process.env, cwd, keep = false, limitMs = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, detached: limitMs > 0, stdio: ['ignore', keep ? 'pipe' : 'inherit', keep ? 'pipe' : 'inherit'] });
    let timedOut = false;
    const endGroup = (signal) => { try { process.kill(-child.pid, signal); } catch { /* it has ended by itself */ } };
    const timer = limitMs > 0 ? setTimeout(() => { timedOut = true; endGroup('SIGKILL'); }, limitMs) : undefined;
    // A group of its own does not get the terminal's Ctrl+C.
    const forward = (signal) => { endGroup(signal); process.exit(1); };
    if (limitMs > 0) for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, forward);
    const chunks = [];
    child.stdout?.on('data', (chunk) => { chunks.push(chunk); process.stdout.write(chunk); });
    child.stderr?.on('data', (chunk) => { chunks.push(chunk); process.stderr.write(chunk); });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8'), timedOut });
    });
  });
}

/** Like stream, but a failure is a StepError. */
export async function streamOrFail(step, program, args, { remedy, ...options } = {}) {
  const done = await stream(program, args, options).catch((error) => {
    throw new StepError(step, error.message, remedy);
  });
  if (done.code !== 0) throw new StepError(step, `${program} ${args.slice(0, 3).join(' ')} ended with ${done.code}`, remedy);
  return done.output;
}
