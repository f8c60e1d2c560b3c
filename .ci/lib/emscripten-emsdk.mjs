// Emscripten from its own distribution, where the network allows it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, captureOrFail, findProgram, say } from './process.mjs';

const kRepository = 'https://github.com/emscripten-core/emsdk.git';
const kReachableWithinMs = 8_000;
const kInstallWithinMs = 20 * 60_000;
const kStep = 'Emscripten from emsdk';

/** True when emsdk's repository answers within a few seconds. */
export function emsdkIsReachable() {
  if (!findProgram('git')) return false;
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
  return capture('git', ['ls-remote', '--exit-code', kRepository, 'HEAD'], { env, timeoutMs: kReachableWithinMs }).ok;
}

/**
 * Clones emsdk into `folder` and installs the wanted version there.
 * @returns {{version: string, relativeRoot: string, relativeConfig: string}|undefined} undefined when a download was refused
 */
export function installFromEmsdk(folder, wanted) {
  const emsdk = join(folder, 'emsdk');
  say(`cloning emsdk and installing Emscripten ${wanted} (about 1 GB)`);
  captureOrFail(kStep, 'git', ['clone', '--quiet', '--depth', '1', kRepository, emsdk], { timeoutMs: kInstallWithinMs });
  for (const verb of ['install', 'activate']) {
    const done = capture(join(emsdk, 'emsdk'), [verb, wanted], { timeoutMs: kInstallWithinMs });
    if (!done.ok) {
      say(`note: emsdk ${verb} ${wanted} did not succeed: ${done.stderr.trim().split('\n').pop()}`);
      return undefined;
    }
  }
  const relativeRoot = 'emsdk/upstream/emscripten';
  if (!existsSync(join(folder, relativeRoot, 'emcc'))) return undefined;
  // emsdk's configuration names its folders relative to itself, so the folder may be renamed afterwards.
  return { version: wanted, relativeRoot, relativeConfig: 'emsdk/.emscripten' };
}
