// The `@example`s of the docstrings: where they are, and how they run. An example is TypeScript as a reader would type it.
// Names of the package need no import. `core` is there where it does not make one. JSX, or a call of a hook, is rendered under a
// CoreProvider. A line that ends in `; // literal` says what its expression gives, and is checked.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const kOptional = { 'codeforge-core/compat': 'web/compat', 'codeforge-core/components': 'web/components', 'codeforge-core/react': 'web/react' };

/** Every docstring under web/: `{ file, line, name, doc, example }`; `name` is what it stands before. */
export function docstrings(folder = join(root, 'web')) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['dist', 'editor', 'generate', 'generated', 'node_modules'].includes(entry.name)) found.push(...docstrings(path));
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) found.push(...inFile(path));
  }
  return found;
}

function inFile(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^([ \t]*)\/\*\*([\s\S]*?)\*\/\s*\n\s*([^\n]*)/gm)].map((match) => {
    const doc = match[2].split('\n').map((line) => line.replace(/^\s*\* ?/, '')).join('\n').trim();
    const name = /^(?:export\s+)?(?:declare\s+|default\s+|async\s+|abstract\s+)*(?:function\*?|const|class|interface|type|let)\s+(\w+)/.exec(match[3])?.[1]
      ?? /^(?:readonly\s+|static\s+|async\s+|get\s+)*(\w+)/.exec(match[3])?.[1] ?? '';
    const [, example = ''] = /(?:^|\n)@example[^\n]*\n([\s\S]*?)(?=\n@\w|$)/.exec(doc) ?? [];
    return { file: path.slice(root.length), line: text.slice(0, match.index).split('\n').length, name, doc, example: example.trimEnd() };
  });
}

/** The package's entries that exist, and what each exports at run time. */
export async function entries() {
  const found = { 'codeforge-core': await import('codeforge-core') };
  for (const entry of Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports)) {
    if (entry === '.' || /\.(css|wasm|json)$|\*|browser/.test(entry)) continue;
    const name = `codeforge-core${entry.slice(1)}`;
    found[name] = await import(name);
  }
  return found;
}

const used = (code, name) => new RegExp(`(?<![\\w$'"/-])(?<!(?<!\\.\\.)\\.)${name}(?![\\w$])`).test(code.replace(/\/\/[^\n]*/g, ''));
const declares = (code, name) => new RegExp(`\\b(?:import|const|let|function|class)\\s(?:(?!\\bof\\b)[^;=(])*\\b${name}\\b`).test(code);

/** `expr; // literal` becomes a check of that; a comment that is no literal stays a comment. */
function withChecks(code) {
  return code.split('\n').map((line) => {
    const [, expression, literal] = /^([^\s].*?);?\s*\/\/ ((?:'[^']*'|"[^"]*"|-?\d[\d_.]*|true|false|null|undefined|\[\]))$/.exec(line) ?? [];
    return expression && !/^(const|let|import|export|return|console|await console|for|if|\}|\))/.test(expression) ? `__check(${expression.replace(/^await /, 'await ')}, ${literal});` : line;
  }).join('\n');
}

const isRendered = (code) => /^\s*</.test(code) || /(?<![.\w])use[A-Z]\w*\(/.test(code.replace(/function use\w+/g, ''));

function bodyOf(code) {
  if (/^\s*</.test(code)) return `const Shown = () => (<>${code}</>);\nawait __render(Shown);`;
  if (isRendered(code) && !/function [A-Z]\w*\s*\(/.test(code)) {
    const imports = code.match(/^import .*$/gm)?.join('\n') ?? '';
    const rest = code.replace(/^import .*$/gm, '');
    return `${imports}\nconst Shown = () => {\n${/\breturn\b/.test(rest) ? rest : `${rest}\nreturn null;`}\n};\nawait __render(Shown);`;
  }
  const component = /function ([A-Z]\w*)\s*\(/.exec(code)?.[1];
  return component && isRendered(code) ? `${code}\nawait __render(${component});` : withChecks(code);
}

/** Runs one example; throws what it throws. */
export async function runExample({ name, file, line, example }, exported, number) {
  const folder = join(root, '.codeforge/examples');
  mkdirSync(folder, { recursive: true });
  const own = Object.entries(kOptional).find(([, source]) => file.startsWith(source))?.[0];
  const order = [own, ...Object.keys(exported)].filter((entry) => entry && exported[entry]);
  const imports = [];
  const taken = new Set();
  for (const entry of order)
    for (const value of Object.keys(exported[entry]))
      if (!taken.has(value) && used(example, value) && !declares(example, value)) {
        taken.add(value);
        imports.push(`import { ${value} } from '${entry}';`);
      }
  // What is public only inside its own entry comes from the file itself.
  const module = file.replace(/^web\/src\//, 'web/dist/').replace(/^web\/(\w+)\//, (all, part) => (part === 'dist' ? all : `web/dist/${part}/`)).replace(/\.tsx?$/, '.js');
  const internal = await import(pathToFileURL(join(root, module))).catch(() => ({}));
  for (const value of Object.keys(internal))
    if (!taken.has(value) && used(example, value) && !declares(example, value)) imports.push(`import { ${value} } from '${pathToFileURL(join(root, module))}';`);
  const makesCore = declares(example, 'core');
  const source = `import { __check, __core, __render } from '${pathToFileURL(join(root, 'tests/node/example-stage.mjs'))}';
${imports.join('\n')}
${makesCore ? '' : `const core = await __core(${JSON.stringify(`example-${number}`)});`}
const { dispatch, getState } = ${makesCore ? '{}' : 'core'};
${bodyOf(example)}`;
  const { code } = await transform(source, { loader: 'tsx', jsx: 'automatic', format: 'esm', target: 'es2022' });
  const path = join(folder, `${number}-${name || 'example'}.mjs`);
  writeFileSync(path, code);
  try {
    await import(pathToFileURL(path));
  } catch (error) {
    throw new Error(`the example of ${name} (${file}:${line}) fails: ${error?.message ?? error}\n${example}`, { cause: error });
  } finally {
    rmSync(path, { force: true });
  }
}
