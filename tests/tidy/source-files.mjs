// The files that the style tests look at: what git knows of, or would add.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Paths relative to the root, of committed files and of new ones that are not ignored. */
export function projectFiles() {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  return [...new Set(list.split('\0'))].filter((file) => file !== '' && statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile()).sort();
}

const kinds = /\.(cpp|hpp|c|h|ts|tsx|js|mjs|cjs|py|cmake|css|html)$/;
const generated = /^(web\/src\/generated\/|web\/editor\/dist\/|web\/dist\/)|(^|\/)package-lock\.json$/;

/** Source files that people write. */
export function sourceFiles() {
  return projectFiles().filter((file) => kinds.test(file) && !generated.test(file));
}

export function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/** The text without comments and string literals (C++, JavaScript, TypeScript). Good enough for words. */
export function codeOnly(text) {
  return text.replace(/R"(\w*)\(.*?\)\1"|\/\*.*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/gs, ' ');
}
