// Configuring and building a CMake preset.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inProject, stateRoot } from './paths.mjs';
import { captureOrFail, streamOrFail } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/** Value of a variable in a preset's CMake cache, or undefined. */
function cachedVariable(preset, name) {
  const file = inProject('build', preset, 'CMakeCache.txt');
  if (!existsSync(file)) return undefined;
  return new RegExp(`^${name}:[A-Z]+=(.*)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
}

/** Configures when the presets, the toolchain or the place of the libraries changed; ninja sees all other changes. */
function configure(preset, env) {
  const root = preset.startsWith('wasm') ? env.EMSCRIPTEN_ROOT : '';
  const hash = hashOf([inProject('CMakePresets.json')], { extra: [root, env.CODEFORGE_THIRD_PARTY ?? '', inProject()].join('\n') });
  const stampFile = join(stateRoot, 'stamps', `configure-${preset}`);
  const folder = inProject('build', preset);
  if (isStamped(stampFile, hash) && existsSync(join(folder, 'build.ninja'))) return;
  const toolchain = cachedVariable(preset, 'CMAKE_TOOLCHAIN_FILE');
  // CMake does not let a compiler or a source folder change in place.
  const moved = (toolchain && !toolchain.startsWith(`${root}/`)) || ![undefined, inProject()].includes(cachedVariable(preset, 'CMAKE_HOME_DIRECTORY'));
  if (moved) rmSync(folder, { recursive: true, force: true });
  captureOrFail(`configure ${preset}`, 'cmake', ['--preset', preset, `-DCODEFORGE_THIRD_PARTY=${env.CODEFORGE_THIRD_PARTY ?? ''}`],
    { env, cwd: inProject(), remedy: 'See the messages above; removing the folder build/ starts afresh.' });
  stamp(stampFile, hash);
}

/**
 * Builds a preset; ninja decides what is to be done.
 * @param {string} preset name in CMakePresets.json
 * @param {string[]} targets empty for the preset's own
 * @param {NodeJS.ProcessEnv} env from setUp
 */
export async function buildPreset(preset, targets, env) {
  configure(preset, env);
  const asked = targets.length > 0 ? ['--target', ...targets] : [];
  await streamOrFail(`build ${preset}`, 'cmake', ['--build', '--preset', preset, '-j', String(availableParallelism()), ...asked],
    { env: { ...env, NINJA_STATUS: `[${preset} %f/%t] ` }, cwd: inProject(), remedy: 'The compiler\'s messages are above.' });
}
