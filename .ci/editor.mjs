// `npm run editor`: the editor with hot reload, for development. VITE_FLASK_API_URL names the API (`npm run server`).
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { inProject } from './lib/paths.mjs';
import { reportFailure } from './lib/process.mjs';
import { setUp } from './setup.mjs';

try {
  const env = await setUp('build');
  await build(['wasm', 'module'], env);
  const child = spawn(inProject('node_modules/.bin/vite'), [inProject('web/editor'), ...process.argv.slice(2)],
    { env: { VITE_FLASK_API_URL: 'http://localhost:5001', ...env }, cwd: inProject(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.once('error', (error) => resolve(reportFailure(error)));
    child.once('exit', (code) => resolve(code ?? 0));
  });
} catch (error) {
  process.exitCode = reportFailure(error);
}
