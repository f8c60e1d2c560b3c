// The `@example`s of the docstrings: where they are, and how they run. An example is TypeScript as a reader would type it.
// Names of the package need no import. `core` is there where it does not make one; those of `codeforge-core/compat` have their own
// store. JSX, or a call of a hook, is rendered under a CoreProvider; hooks with their effects. A line that ends in `; // literal`
// says what its expression gives, and is checked. `http://localhost:5001` is the real Flask API, empty.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { serverUrl } from './example-stage.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const kOptional = { 'codeforge-core/compat': 'web/compat', 'codeforge-core/components': 'web/components', 'codeforge-core/react': 'web/react' };

/**
 * Every docstring under web/: `{ file, line, ends, name, names, doc, text, example }`. `name` is what it stands before, `names` are those
 * of `const { a, b } = …`, `ends` is the number of its last line, `text` is what comes before the first tag.
 */
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
    const name = /^export const \{/.test(match[3]) ? '' : /^(?:export\s+)?(?:declare\s+|default\s+|async\s+|abstract\s+)*(?:function\*?|const|class|interface|type|let)\s+(\w+)/.exec(match[3])?.[1]
      ?? /^(?:readonly\s+|static\s+|async\s+|get\s+)*(\w+)/.exec(match[3])?.[1] ?? '';
    const [, example = ''] = /(?:^|\n)@example[^\n]*\n([\s\S]*?)(?=\n@\w|$)/.exec(doc) ?? [];
    const [, members = ''] = /^export const \{([^}]*)\}/.exec(text.slice(match.index + match[0].length - match[3].length)) ?? [];
    const names = members.split(',').map((member) => member.split(':').at(-1).trim()).filter(Boolean);
    const line = text.slice(0, match.index).split('\n').length;
    return {
      file: path.slice(root.length), line, ends: line + match[2].split('\n').length - 1,
      name, names, doc, text: doc.split(/(?:^|\n)@\w/)[0].trim(), example: example.trimEnd(),
    };
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

/** Whether code uses a name, not as a member of something. */
export const isUsed = (code, name) => new RegExp(`(?<![\\w$'"/-])(?<!(?<!\\.\\.)\\.)${name}(?![\\w$])`).test(code.replace(/\/\/[^\n]*/g, ''));
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
  const component = /(?:const|function) (App)\b/.exec(code)?.[1] ?? /function ([A-Z]\w*)\s*\(/.exec(code)?.[1];
  return component && isRendered(code) ? `${code}\nawait __render(${component});` : withChecks(code);
}

/** Where the compiled form of a source file is. */
const compiledFile = (file) => join(root, file.replace(/^web\/src\//, 'web/dist/').replace(/^web\/(\w+)\//, (all, part) => (part === 'dist' ? all : `web/dist/${part}/`)).replace(/\.tsx?$/, '.js'));

/** Lines that import what an example names: from the file's own entry, the other entries, then the file itself. */
async function importsOf({ file, example }, exported) {
  const own = Object.entries(kOptional).find(([, source]) => file.startsWith(source))?.[0];
  const lines = [];
  const taken = new Set();
  const take = (from, values) => {
    for (const value of Object.keys(values)) {
      if (taken.has(value) || !isUsed(example, value) || declares(example, value)) continue;
      taken.add(value);
      lines.push(`import { ${value} } from '${from}';`);
    }
  };
  // A module of the compatibility entry has names that the entry itself does not have, and others in their place.
  const self = pathToFileURL(compiledFile(file)).href;
  if (own === 'codeforge-core/compat') take(self, await import(self));
  for (const entry of [own, ...Object.keys(exported)]) if (entry && exported[entry]) take(entry, exported[entry]);
  take(self, await import(self).catch(() => ({})));
  return lines;
}

const kServer = 'http://localhost:5001';

/** Runs one example; throws what it throws. */
export async function runExample({ name, file, line, example }, exported, number) {
  const folder = join(root, '.codeforge/examples');
  mkdirSync(folder, { recursive: true });
  const isCompat = file.startsWith('web/compat/');
  const makesCore = declares(example, 'core');
  const stage = isCompat ? '__store' : makesCore ? undefined : '__core';
  const source = `import * as __stage from '${pathToFileURL(join(root, 'tests/node/example-stage.mjs'))}';
${(await importsOf({ file, example }, exported)).join('\n')}
const { __check } = __stage;
const __render = (component) => __stage.__render(component, ${JSON.stringify(isCompat ? 'store' : file.startsWith('web/react/') ? 'effects' : 'text')});
const core = ${stage ? `await __stage.${stage}(${JSON.stringify(`example-${number}`)})` : '{}'};
const { dispatch, getState } = core;
{
${bodyOf(example)}
}`;
  const url = example.includes(kServer) ? await serverUrl() : kServer;
  const { code } = await transform(hoisted(source).replaceAll(kServer, url), { loader: 'tsx', jsx: 'automatic', format: 'esm', target: 'es2022' });
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

/** Imports of an example stand before everything else. */
function hoisted(source) {
  const lines = source.split('\n');
  const isImport = (text) => /^import .* from /.test(text);
  return [...lines.filter(isImport), ...lines.filter((text) => !isImport(text))].join('\n');
}
