// Runs the snippets of the seed documents as they are written: only their import paths are changed, from
// `@/…` to `codeforge-core/compat/…`, as an application's alias does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createElement } from 'react';
import { act, create } from 'react-test-renderer';
import { transformWithOxc } from 'vite';
import { freshName, projectRoot } from '../node/support.mjs';
import { setUp, store } from 'codeforge-core/compat';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

// Inside the project, so that `codeforge-core/…` is the project itself.
const folder = join(projectRoot, 'build/seeds');

/** The snippets of one document: name -> text. */
export function snippetsOf(seed) {
  const text = readFileSync(new URL(`fixtures/seed-${seed}.md`, import.meta.url), 'utf8');
  return new Map([...text.matchAll(/^## (\S+)\n\n```tsx\n(.*?)\n```$/gms)].map(([, name, code]) => [name, code]));
}

const debounce = JSON.stringify(new URL('debounce.mjs', import.meta.url).href);
const mapped = (code) => code.replaceAll(/(from|import) '@\//g, "$1 'codeforge-core/compat/").replaceAll("'lodash.debounce'", debounce);

/** Splits a snippet into its imports and the rest. */
function parted(code) {
  const imports = [...mapped(code).matchAll(/^import [^;]*? from ['"][^'"]+['"]$/gms)].map(([line]) => line);
  const body = imports.reduce((rest, line) => rest.replace(line, ''), mapped(code));
  return { imports: imports.join('\n'), body };
}

let modules = 0;

/** Compiles TypeScript with JSX and imports it. */
async function compiled(name, source) {
  mkdirSync(folder, { recursive: true });
  const { code } = await transformWithOxc(source, `${name}.tsx`, { jsx: { runtime: 'automatic' } });
  const path = join(folder, `${name}-${process.pid}-${++modules}.mjs`);
  writeFileSync(path, code);
  return import(pathToFileURL(path).href);
}

/**
 * One document's snippets.
 * `given`: what the text takes for granted, by name. `gives`: names that the snippet declares and the test wants to see.
 */
export function seed(number) {
  const snippets = snippetsOf(number);
  const text = (name) => {
    const code = snippets.get(name);
    if (code === undefined) throw new Error(`seed ${number} has no snippet ${name}`);
    return code;
  };
  const head = (given) => `{ ${Object.keys(given).join(', ')} }`;
  return {
    names: () => [...snippets.keys()],

    /** Runs a snippet outside of React. */
    async run(name, { given = {}, gives = [] } = {}) {
      const { imports, body } = parted(text(name));
      const module = await compiled(name, `${imports}\nexport default async function snippet(${head(given)}) {\n${body}\nreturn { ${gives.join(', ')} };\n}`);
      return module.default(given);
    },

    /** Runs a snippet in a component: its hooks at each render, the statements behind them once, in an effect. */
    async render(t, name, { given = {}, gives = [] } = {}) {
      const { imports, body } = parted(text(name));
      const lines = body.split('\n');
      const isEffect = body.trimStart().startsWith('useEffect(');
      const split = isEffect ? lines.length : lines.findLastIndex((line) => /= use[A-Z]\w*\(.*\)$/.test(line)) + 1;
      const module = await compiled(name, `${imports}\nimport { useEffect as $useEffect } from 'react';
        export default function snippet(${head(given)}, $seen) {\n${lines.slice(0, split).join('\n')}
        $seen({ ${gives.join(', ')} });\n$useEffect(() => {\n${lines.slice(split).join('\n')}\n}, []);\nreturn null;\n}`);
      const seen = [];
      const Snippet = () => module.default(given, (values) => seen.push(values));
      await mount(t, createElement(Snippet));
      return { seen, get last() { return seen.at(-1); } };
    },

    /** A snippet that exports or declares components or hooks at its top: the module. `more` is appended to it. */
    async module(name, { more = '', before = '' } = {}) {
      const { imports, body } = parted(text(name));
      return compiled(name, `${imports}\n${before}\n${body}\n${more}`);
    },
  };
}

/** Renders an element until the test ends. */
export async function mount(t, element) {
  let root;
  await act(async () => {
    root = create(element);
  });
  t.after(() => act(async () => root.unmount()));
  return root;
}

/** The application's store, fresh for one test: closed at its end. */
export async function openStore(t, options = {}) {
  const errors = [];
  setUp({ name: freshName(), storage: 'indexeddb', flaskApiUrl: null, onError: (error) => errors.push(error), ...options });
  t.after(() => store.close());
  await store.ready;
  return { store, errors };
}
