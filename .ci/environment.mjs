// Prints, for a shell's eval, the environment in which the scripts compile and test.
import { setUp } from './setup.mjs';
import { reportFailure } from './lib/process.mjs';

const kNames = ['PATH', 'EMSCRIPTEN_ROOT', 'EM_CONFIG', 'EM_CACHE', 'CODEFORGE_THIRD_PARTY', 'CODEFORGE_PYTHON', 'CHROMIUM', 'FIREFOX'];
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// What the set-up says is for the reader, not for eval.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
try {
  const env = await setUp('test');
  for (const name of kNames) if (env[name]) print(`export ${name}=${quoted(env[name])}\n`);
} catch (error) {
  process.exitCode = reportFailure(error);
}
