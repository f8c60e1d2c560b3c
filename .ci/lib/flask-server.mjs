// Running the Flask API under gunicorn.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { inProject } from './paths.mjs';
import { StepError } from './process.mjs';

const kPollMs = 100;
const kReadyWithinMs = 30_000;
const kEndWithinMs = 10_000;
const kStep = 'Flask API';

/**
 * Starts gunicorn in the server's folder, where its configuration lies.
 * @param {NodeJS.ProcessEnv} env with CODEFORGE_PYTHON; PORT, DATABASE_PATH, DATABASE_URL and ALLOWED_ORIGINS are the server's own
 */
export function startGunicorn(env) {
  const settings = { ...env };
  if (settings.DATABASE_PATH) {
    // Relative to where the command was given, not to the server's folder.
    if (!isAbsolute(settings.DATABASE_PATH)) settings.DATABASE_PATH = resolve(process.env.INIT_CWD ?? process.cwd(), settings.DATABASE_PATH);
    mkdirSync(dirname(settings.DATABASE_PATH), { recursive: true });
  }
  return spawn(env.CODEFORGE_PYTHON, ['-m', 'gunicorn', 'codeforge_server:create_app()'],
    { cwd: inProject('server'), env: settings, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Resolves when /health answers 200; a server that ends or stays silent is a StepError. */
export async function untilHealthy(child, url) {
  let ended = false;
  child.once('exit', () => { ended = true; });
  for (let waitedMs = 0; waitedMs < kReadyWithinMs && !ended; waitedMs += kPollMs) {
    const healthy = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) }).then((response) => response.ok, () => false);
    if (healthy) return;
    await new Promise((wake) => setTimeout(wake, kPollMs));
  }
  throw new StepError(kStep, ended ? 'gunicorn ended at once' : `no answer from ${url}/health`, 'Its messages are above.');
}

/** Ends the server and resolves with its exit code; one that does not end in 10 s is killed. */
export function stopServer(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? 1);
  return new Promise((done) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), kEndWithinMs);
    child.once('exit', (code) => { clearTimeout(deadline); done(code ?? 1); });
    child.kill('SIGTERM');
  });
}
