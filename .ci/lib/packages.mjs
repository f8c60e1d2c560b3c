// Programs that come from the system's package system. Presence is checked first; apt-get runs only for what is missing.
import { existsSync } from 'node:fs';
import { capture, findProgram, say, StepError, streamOrFail } from './process.mjs';

const kStep = 'system packages';

/** Chromium for the browser tests: `$CHROMIUM`, or a browser on PATH. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return findProgram(named);
  return ['chromium', 'chromium-browser', 'google-chrome'].map((name) => findProgram(name)).find(Boolean);
}

/** Firefox, for the browser tests that run in it too: `$FIREFOX`, or a browser on PATH. */
export function findFirefox() {
  const named = process.env.FIREFOX;
  if (named) return findProgram(named);
  return ['firefox-esr', 'firefox'].map((name) => findProgram(name)).find(Boolean);
}

const hasVenv = () => capture('python3', ['-c', 'import ensurepip, venv']).ok;
const hasJson = () => [process.env.CODEFORGE_THIRD_PARTY && `${process.env.CODEFORGE_THIRD_PARTY}/include`, '/usr/local/include', '/usr/include']
  .some((folder) => folder && existsSync(`${folder}/nlohmann/json.hpp`));
const hasGoogleTest = () => [process.env.CODEFORGE_THIRD_PARTY && `${process.env.CODEFORGE_THIRD_PARTY}/src`, '/usr/src']
  .some((folder) => folder && existsSync(`${folder}/googletest/CMakeLists.txt`));

/**
 * What can be needed. `fetchable`: CMake can fetch it instead, so that its lack is not an error here.
 * @type {Record<string, {present: () => unknown, debian: string[], fetchable?: boolean}>}
 */
const kNeeds = {
  cmake: { present: () => findProgram('cmake'), debian: ['cmake'] },
  ninja: { present: () => findProgram('ninja'), debian: ['ninja-build'] },
  python: { present: () => findProgram('python3'), debian: ['python3'] },
  venv: { present: hasVenv, debian: ['python3-venv'] },
  compiler: { present: () => findProgram('c++'), debian: ['g++'] },
  chromium: { present: findChromium, debian: ['chromium'] },
  firefox: { present: findFirefox, debian: ['firefox-esr'] },
  json: { present: hasJson, debian: ['nlohmann-json3-dev'], fetchable: true },
  googletest: { present: hasGoogleTest, debian: ['googletest'], fetchable: true },
};

/** The command that may install packages, or undefined. */
function aptCommand() {
  if (!findProgram('apt-get')) return undefined;
  if (process.getuid() === 0) return ['apt-get'];
  if (!findProgram('sudo')) return undefined;
  // Asking for a password makes sense only where somebody can type it.
  if (process.stdin.isTTY || capture('sudo', ['-n', 'true']).ok) return ['sudo', 'apt-get'];
  return undefined;
}

/**
 * Makes sure that the named needs are met.
 * @param {(keyof typeof kNeeds)[]} names
 */
export async function providePackages(names) {
  const missing = names.map((name) => ({ name, ...kNeeds[name] })).filter((need) => !need.present());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.debian);
  const apt = aptCommand();
  const required = missing.filter((need) => !need.fetchable);
  if (!apt) {
    if (required.length === 0) return;
    throw new StepError(kStep, `missing: ${required.map((need) => need.name).join(', ')}, and this user may not install packages`,
      `As root: apt-get update && apt-get install ${packages.join(' ')} (or what your system calls them), then run this again.`);
  }
  say(`installing ${packages.join(' ')}`);
  const [program, ...prefix] = apt;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const remedy = `Check the network and the package sources, or install by hand: ${packages.join(' ')}`;
  const install = async () => {
    await streamOrFail(kStep, program, [...prefix, 'update', '-qq'], { env, remedy });
    await streamOrFail(kStep, program, [...prefix, 'install', '-y', '-qq', '--no-install-recommends', ...packages], { env, remedy });
  };
  await install().catch((error) => {
    if (required.length > 0) throw error;
    say(`note: ${packages.join(' ')} could not be installed; CMake will fetch the release archive`);
  });
  const still = required.filter((need) => !need.present());
  if (still.length > 0) throw new StepError(kStep, `still missing after installation: ${still.map((need) => need.name).join(', ')}`, remedy);
}
