// `npm start`: builds what is missing and serves the editor together with the Flask API and one SQLite file.
// Environment: PORT (of the API, 5001), EDITOR_PORT (5173), DATABASE_PATH; a taken port gives way to the next free one.
import { join } from 'node:path';
import { build } from './build.mjs';
import { startGunicorn, stopServer, untilHealthy } from './lib/flask-server.mjs';
import { inProject, stateRoot } from './lib/paths.mjs';
import { freePort } from './lib/ports.mjs';
import { reportFailure, say } from './lib/process.mjs';
import { setUp } from './setup.mjs';

/** Serves /runtime-config.json, by which the page learns where the API is. */
function runtimeConfig(flaskApiUrl) {
  return {
    name: 'codeforge-runtime-config',
    configurePreviewServer(server) {
      server.middlewares.use('/runtime-config.json', (_request, response) => {
        response.setHeader('Content-Type', 'application/json');
        response.setHeader('Cache-Control', 'no-store');
        response.end(JSON.stringify({ flaskApiUrl }));
      });
    },
  };
}

async function serveEditor(port, flaskApiUrl) {
  const { preview } = await import('vite');
  return preview({
    root: inProject('web/editor'),
    logLevel: 'warn',
    plugins: [runtimeConfig(flaskApiUrl)],
    preview: { host: '127.0.0.1', port, strictPort: true, open: false },
  });
}

/** Resolves with an exit code when a signal asks for the end, or when the API ends by itself. */
function untilEnd(child) {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(0));
    child.once('exit', (code) => {
      process.stderr.write(`[codeforge] the Flask API has ended (${code})\n`);
      resolve(1);
    });
  });
}

async function start() {
  const env = await setUp('start');
  await build(['wasm', 'module', 'editor'], env);
  const apiPort = await freePort(Number(env.PORT) || 5001);
  const editorPort = await freePort(Number(env.EDITOR_PORT) || 5173);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${editorPort}`);
  const child = startGunicorn({
    ...env,
    HOST: '127.0.0.1',
    PORT: String(apiPort),
    DATABASE_PATH: env.DATABASE_PATH || join(stateRoot, 'codeforge.db'),
    ALLOWED_ORIGINS: env.ALLOWED_ORIGINS || origins.join(','),
  });
  const end = untilEnd(child);
  let editor;
  try {
    await untilHealthy(child, apiUrl);
    editor = await serveEditor(editorPort, apiUrl);
    say(`Flask API  ${apiUrl}`);
    say(`editor     http://localhost:${editorPort}/   (Ctrl+C ends both)`);
    return await end;
  } finally {
    child.removeAllListeners('exit');
    await Promise.all([stopServer(child), editor?.close()]);
  }
}

// Connections of open pages must not keep the process alive after both servers were ended.
await start().then((code) => process.exit(code), (error) => process.exit(reportFailure(error)));
