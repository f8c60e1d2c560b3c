// `npm run server`: the Flask API alone. Environment: PORT (5001), DATABASE_PATH, DATABASE_URL, ALLOWED_ORIGINS.
import { reportFailure } from './lib/process.mjs';
import { startGunicorn, stopServer } from './lib/flask-server.mjs';
import { setUp } from './setup.mjs';

try {
  const child = startGunicorn(await setUp('server'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopServer(child));
  process.exitCode = await new Promise((resolve) => {
    child.once('error', (error) => resolve(reportFailure(error)));
    child.once('exit', (code) => resolve(code ?? 1));
  });
} catch (error) {
  process.exitCode = reportFailure(error);
}
